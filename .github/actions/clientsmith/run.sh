#!/usr/bin/env bash
# Runs `clientsmith lint`, `diff`, `check` and `conform` over the repository in the working directory. All that were asked for
# run, whatever the ones before them found; what did not run counts as failed.
#
# In: INPUT_* as action.yml sets them (unset means empty). GITHUB_STEP_SUMMARY and GITHUB_OUTPUT are written if set.
# For the tests of this script: CLIENTSMITH_COMMAND names a program that is used instead of installing the tool.
# Exit code: 0 passed, 1 findings, 2 something could not run. Bash 3.2 will do, which is what macOS has.
set -euo pipefail
set -f

readonly REPORTS="report.html report.json junit.xml traffic.har summary.md"
readonly MOST_SUMMARY=900000 # bytes; GitHub refuses a step's summary as a whole above 1 MiB

summary=${GITHUB_STEP_SUMMARY:-/dev/null}
output=${GITHUB_OUTPUT:-/dev/null}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
report_dir=${INPUT_REPORT_DIR:-conformance}
python=${INPUT_PYTHON:-python3}
tool=${CLIENTSMITH_COMMAND:-}
result=error
rows=""

work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/clientsmith.XXXXXX")
trap 'rm -rf "$work"; printf "result=%s\n" "$result" >>"$output"' EXIT

# The tool lives in an environment of its own: nothing of the caller's leads out of it or into it.
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_PYTHON
# What hypothesis keeps goes there too, and no bytecode into the package: nothing but reports is left in the repository.
export HYPOTHESIS_STORAGE_DIRECTORY=$work/hypothesis PYTHONDONTWRITEBYTECODE=1

say_error() { # an annotation of its own, on one line whatever the text holds
  local text=${1//%/%25}
  text=${text//$'\r'/%0D}
  printf '::error title=clientsmith::%s\n' "${text//$'\n'/%0A}"
}

give_up() {
  say_error "$1"
  printf '## clientsmith: could not run\n\n%s\n' "${1//[<\`]/ }" >>"$summary"
  exit 2
}

single_line() { # name, value
  case $2 in *$'\n'* | *$'\r'*) give_up "the input $1 has to be a single line" ;; esac
}

pip_install() { # arguments of pip install
  "$python" -I -m pip install --quiet --disable-pip-version-check --no-input "$@" ||
    give_up "clientsmith could not be installed: $*"
}

install_tool() {
  "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    give_up "the input python has to name Python 3.11 or newer, and $python does not"
  local arguments=() line
  while read -r line; do
    case $line in
      "") ;;
      -*) give_up "the input requirement holds $line, which is an option of pip and no requirement" ;;
      *) arguments+=("$line") ;;
    esac
  done <<<"${INPUT_REQUIREMENT:-}"
  echo "::group::install clientsmith"
  "$python" -I -m venv "$work/venv" || give_up "$python cannot make a virtual environment"
  python=$work/venv/bin/python
  if [ ${#arguments[@]} -eq 0 ]; then
    # A package is drift as soon as a tool that shapes it has another version: those of the lock, then, each with its
    # hash, and nothing is built but the checkout, by the backend that the lock names.
    pip_install --require-hashes --only-binary :all: --requirement "$checkout/locks/action.lock"
    arguments=(--no-build-isolation --no-deps --no-index "$checkout")
  fi
  pip_install "${arguments[@]}"
  echo "::endgroup::"
  tool=$work/venv/bin/clientsmith
}

number_of() { # lines of a file that are annotations of one level
  grep -c "^::$1 " "$2" || true
}

run_check() { # name, then its arguments
  local name=$1 code=0 out=$work/$1.out outcome
  echo "::group::clientsmith $*"
  GITHUB_STEP_SUMMARY=$work/$name.md "$tool" "$@" --format=github >"$out" || code=$?
  cat "$out"
  echo "::endgroup::"
  if [ "$name" = conform ] && [ "$code" -le 1 ] && ! { [ -s "$report_dir/report.json" ] && [ -s "$report_dir/summary.md" ]; }; then
    say_error "clientsmith conform ended with exit code $code and left no report in $report_dir"
    code=2
  fi
  case $code in
    0) outcome=passed ;;
    1) outcome=findings ;;
    *) outcome="**could not run** (exit code $code)" && say_error "clientsmith $name could not run: exit code $code" ;;
  esac
  if [ "$code" -gt 1 ]; then worst=2; elif [ "$code" -gt "$worst" ]; then worst=$code; fi
  rows="$rows| $name | $outcome | $(number_of error "$out") | $(number_of warning "$out") |"$'\n'
  echo "clientsmith $name: exit code $code"
}

append_report() { # a file of Markdown, what it is
  local file=$1 size
  [ -s "$file" ] || return 0
  size=$(wc -c <"$file")
  if [ "$size" -gt "$MOST_SUMMARY" ]; then
    printf '\n%s is too long for this page.\n' "$2" >>"$summary"
  else
    { echo && cat "$file"; } >>"$summary"
  fi
}

for pair in "spec=${INPUT_SPEC:-}" "package=${INPUT_PACKAGE:-}" "config=${INPUT_CONFIG:-}" "budget=${INPUT_BUDGET:-}" \
  "seed=${INPUT_SEED:-}" "python=$python" "report-dir=$report_dir" "base=${INPUT_BASE:-}"; do
  single_line "${pair%%=*}" "${pair#*=}"
done
printf 'report-dir=%s\n' "$report_dir" >>"$output"

asked=" "
for name in $(tr ',' ' ' <<<"${INPUT_CHECKS:-}"); do
  case $name in
    lint | diff | check | conform) asked="$asked$name " ;;
    *) give_up "the input checks names $name; there are lint, diff, check and conform" ;;
  esac
done
[ "$asked" != " " ] || give_up "the input checks names none of lint, diff, check and conform, so that nothing would be proven"
if [[ $asked == *" diff "* ]]; then
  case ${INPUT_BASE:-} in
    "" | -*) give_up "the check diff needs the input base, a git revision to compare with" ;;
  esac
fi

[ -n "$tool" ] || install_tool
# Nothing that ends with 0 without being the tool may pass for it.
version=$("$tool" --version) || give_up "clientsmith does not start"
[[ $version =~ ^clientsmith\ [0-9][0-9A-Za-z.+!-]*$ ]] || give_up "what was installed as clientsmith is something else"
echo "$version"

spec=()
case ${INPUT_SPEC:-} in
  "") ;;
  -*) spec=("./$INPUT_SPEC") ;;
  *) spec=("$INPUT_SPEC") ;;
esac
config=()
[ -z "${INPUT_CONFIG:-}" ] || config=("--config=$INPUT_CONFIG")
worst=0
for name in lint diff check conform; do
  if [[ $asked != *" $name "* ]]; then
    rows="$rows| $name | left out (not in checks) | | |"$'\n'
    echo "clientsmith $name: left out"
    continue
  fi
  arguments=(${spec[@]+"${spec[@]}"} ${config[@]+"${config[@]}"})
  case $name in
    diff) arguments=("$INPUT_BASE:" ${arguments[@]+"${arguments[@]}"}) ;;
    check)
      arguments+=(--regenerate)
      [ -z "${INPUT_PACKAGE:-}" ] || arguments+=("--out=$INPUT_PACKAGE")
      ;;
    conform)
      for report in $REPORTS; do rm -f "$report_dir/$report"; done # those of another run prove nothing
      [ -z "${INPUT_PACKAGE:-}" ] || arguments+=("--package=$INPUT_PACKAGE")
      [ -z "${INPUT_BUDGET:-}" ] || arguments+=("--budget=$INPUT_BUDGET")
      [ -z "${INPUT_SEED:-}" ] || arguments+=("--seed=$INPUT_SEED")
      while read -r tape; do
        [ -z "$tape" ] || arguments+=("--tape=$tape")
      done <<<"${INPUT_TAPE:-}"
      arguments+=("--report=junit,html,json,har,markdown" "--report-dir=$report_dir")
      ;;
  esac
  run_check "$name" ${arguments[@]+"${arguments[@]}"}
done

case $worst in
  0) verdict=passed ;;
  1) verdict=findings ;;
  *) verdict=error ;;
esac
{
  printf '## %s: %s\n\n| | result | errors | warnings |\n|---|---|---|---|\n%s' "$version" "$verdict" "$rows"
} >>"$summary"
if [[ $asked == *" diff "* ]]; then append_report "$work/diff.md" "What diff found"; fi
if [[ $asked == *" conform "* ]]; then append_report "$report_dir/summary.md" "What conform found (summary.md among the reports)"; fi
result=$verdict
echo "clientsmith: $result"
exit "$worst"
