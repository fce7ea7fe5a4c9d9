"""One secret in many formats: bodies with their media types, and the ways in which text may spell a value."""

from __future__ import annotations

import base64
import gzip
import html
import json
from collections.abc import Iterator
from urllib.parse import quote, quote_plus


def formats(s: str) -> list[tuple[str, str, str | bytes]]:
    """What the format is, the media type that is declared, and the body."""
    j = json.dumps({"user": "jo", "password": s})
    lf = f'--b\nContent-Disposition: form-data; name="a"\n\n1\n--b\nContent-Disposition: form-data; name="password"\n\n{s}\n--b--\n'
    crlf = lf.replace("\n", "\r\n")
    file = '--b\r\nContent-Disposition: form-data; name="f"; filename="c"\r\nContent-Type: application/octet-stream\r\n'
    return [
        ("json", "application/json", j),
        ("json array", "application/json", json.dumps([{"tokens": ["a", s]}])),
        ("json lines", "application/x-ndjson", f'{{"a": 1}}\n{j}\n'),
        ("json sequence", "application/json-seq", f"\x1e{{}}\n\x1e{j}\n"),
        ("json one behind the other", "application/json", f'{{"a": 1}} {j}'),
        ("json over several lines in a stream", "text/plain", '{"a": 1}\n' + json.dumps(json.loads(j), indent=1)),
        ("json cut off", "application/json", j[:-1]),
        ("json in json", "application/json", json.dumps({"inner": json.dumps({"deep": j})})),
        ("json in base64 in json", "application/json", json.dumps({"data": base64.b64encode(j.encode()).decode()})),
        ("json in urlsafe base64", "text/plain", base64.urlsafe_b64encode(j.encode()).decode().rstrip("=")),
        ("json with escapes", "application/json", j.replace(s, "".join(f"\\u{ord(c):04x}" for c in s))),
        ("json of pairs", "application/json", json.dumps([{"name": "api_key", "value": s}])),
        ("json of pairs in lists", "application/json", json.dumps({"headers": [["X-Api-Key", s]]})),
        ("json of nested names", "application/json", json.dumps({"api": {"key": s}})),
        ("json called text", "text/html", j),
        ("json called an image", "image/png", j),
        ("json called bytes", "application/octet-stream", j),
        ("json called form", "application/x-www-form-urlencoded", j),
        ("jsonp", "application/javascript", f"/**/cb_1({j});"),
        ("json behind a guard", "application/json", f")]}}',\n{j}"),
        ("json assigned", "text/javascript", f"window.state = {j};"),
        ("javascript", "text/javascript", f"const apiKey = '{s}';\nrun();"),
        ("json5", "application/json5", f"{{user: 'jo', password: '{s}'}}"),
        ("events", "text/event-stream", f"event: x\ndata: {j}\n\n"),
        ("event over lines", "text/event-stream", f'event: x\ndata: {{"user": 1,\ndata: "password": "{s}"}}\n\n'),
        ("form", "application/x-www-form-urlencoded", f"a=1&password={quote_plus(s)}"),
        ("form of escapes", "application/x-www-form-urlencoded", "p%61ssword=" + "".join(f"%{ord(c):02x}" for c in s)),
        ("form called text", "text/plain", f"a=1&pass%77ord={s}"),
        ("form called json", "application/json", f"user=jo&client_secret={s}"),
        ("form with brackets", "application/x-www-form-urlencoded", f"login[password]={s}"),
        ("json in form", "application/x-www-form-urlencoded", f"payload={quote_plus(j)}"),
        ("xml in form", "application/x-www-form-urlencoded", "x=" + quote_plus(f"<a><password>{s}</password></a>")),
        ("form in form", "application/x-www-form-urlencoded", "x=" + quote_plus(f"a=1&token={s}")),
        ("code of oauth", "application/x-www-form-urlencoded", f"grant_type=authorization_code&code={s}"),
        ("multipart", "multipart/form-data; boundary=b", crlf),
        ("multipart, LF", "multipart/form-data; boundary=b", lf),
        ("multipart, no boundary", "multipart/form-data", crlf),
        ("multipart, wrong boundary", "multipart/form-data; boundary=zzz", crlf),
        ("multipart called text", "text/plain", crlf),
        ("multipart, folded", "multipart/form-data; boundary=b", crlf.replace('; name="password"', ';\r\n\tname="password"')),
        ("multipart, name*", "multipart/form-data; boundary=b", crlf.replace('name="password"', "name*=UTF-8''p%61ssword")),
        ("multipart, name in pieces", "multipart/form-data; boundary=b", crlf.replace('name="password"', 'name*0="pass"; name*1="word"')),
        ("multipart, no quotes", "multipart/form-data; boundary=b", crlf.replace('"password"', "password")),
        ("multipart, names in capitals", "multipart/form-data; boundary=b", crlf.replace("Content-Disposition", "CONTENT-DISPOSITION").replace("name=", "NAME=")),
        ("multipart, json file", "multipart/form-data; boundary=b", file + f"\r\n{j}\r\n--b--\r\n"),
        ("multipart, env file", "multipart/form-data; boundary=b", file + f"\r\nexport DB_PASSWORD={s}\r\n--b--\r\n"),
        ("multipart, base64", "multipart/form-data; boundary=b", file + "Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(j.encode()).decode() + "\r\n--b--\r\n"),
        ("multipart, quoted-printable", "multipart/form-data; boundary=b", file + f"Content-Transfer-Encoding: quoted-printable\r\n\r\npass=77ord=3D{s.replace('-', '=2D')}\r\n--b--\r\n"),
        ("multipart, gzip", "multipart/form-data; boundary=b", (file + "\r\n").encode() + gzip.compress(j.encode(), mtime=0) + b"\r\n--b--\r\n"),
        ("multipart in multipart", "multipart/mixed; boundary=o", f"--o\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n{crlf}\r\n--o--\r\n"),
        ("multipart, head of a part", "multipart/mixed; boundary=b", f"--b\r\nX-Api-Key: {s}\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n"),
        ("xml", "application/xml", f"<login><password>{s}</password></login>"),
        ("xml, cdata", "application/xml", f"<login><password><![CDATA[{s}]]></password></login>"),
        ("xml, attribute", "application/xml", f"<login user='jo' password='{s}'/>"),
        ("xml, references", "application/xml", "<login><password>" + "".join(f"&#x{ord(c):x};" for c in s) + "</password></login>"),
        ("xml, comment", "application/xml", f"<login><!-- <password>{s}</password> --></login>"),
        ("xml, comment in words", "application/xml", f"<login><!-- password: {s} --></login>"),
        ("xml, namespace", "text/xml", f"<w:Security><w:Password Type='t'>{s}</w:Password></w:Security>"),
        ("xml, children", "text/xml", f"<credentials><part>{s}</part></credentials>"),
        ("xml, entity", "text/xml", f'<!DOCTYPE a [<!ENTITY pw "{s}">]><a><password>&pw;</password></a>'),
        ("xml, name and value", "text/xml", f"<p><name>api_token</name><value>{s}</value></p>"),
        ("xml, named attribute", "text/xml", f'<property name="db.password" value="{s}"/>'),
        ("xml, processing instruction", "text/xml", f'<?connect password="{s}"?><a/>'),
        ("xml called json", "application/json", f"<login><password>{s}</password></login>"),
        ("plist", "text/xml", f"<dict><key>AuthToken</key><string>{s}</string></dict>"),
        ("json in xml", "text/xml", f"<a><![CDATA[{j}]]></a>"),
        ("xml in json", "application/json", json.dumps({"body": f"<a><token>{s}</token></a>"})),
        ("html, field", "text/html", f'<input value="{s}" type=hidden name="authenticity_token">'),
        ("html, meta", "text/html", f'<meta name="csrf-token" content="{s}">'),
        ("html, script", "text/html", f'<script>var x = {{"accessToken": "{s}"}};</script>'),
        ("html, data attribute", "text/html", f"<div data-api-key={s}></div>"),
        ("html, link", "text/html", f'<a href="/x?a=1&amp;access_token={s}">go</a>'),
        ("yaml", "application/yaml", f"user: jo\npassword: {s}\n"),
        ("yaml, words", "application/yaml", f"password: correct {s}\n"),
        ("yaml, quoted", "application/yaml", f"a: 1\n'password': '{s}'  # x\n"),
        ("yaml, block", "application/yaml", f"a:\n  secret: |\n    one\n    {s}\n  b: 2\n"),
        ("yaml, list", "application/yaml", f"tokens:\n- a\n- {s}\n"),
        ("yaml, nested", "application/yaml", f"credentials:\n  deep:\n    x: {s}\n"),
        ("yaml, flow", "application/yaml", f"login: {{user: jo, password: {s}}}\n"),
        ("yaml, lines", "application/yaml", f'password: "one\n  {s}"\n'),
        ("csv", "text/csv", f"user,password\njo,{s}\n"),
        ("csv, quoted", "text/csv", f'user,"api_key"\r\n"j,o","{s}"\r\n'),
        ("csv, semicolons", "text/plain", f"user;token\njo;{s}\n"),
        ("csv, names and values", "text/csv", f"name,value\nsession_token,{s}\n"),
        ("tsv", "text/tab-separated-values", f"user\tsecret\njo\t{s}\n"),
        ("graphql, variables", "application/json", json.dumps({"query": "mutation($p: String!) { f(p: $p) }", "variables": {"password": s}})),
        ("graphql, inline", "application/json", json.dumps({"query": f'mutation {{ login(user: "jo", password: "{s}") {{ id }} }}'})),
        ("graphql, object", "application/graphql", f'mutation {{ login(in: {{clientSecret: "{s}"}}) {{ id }} }}'),
        ("graphql, block", "application/graphql", f'{{ login(token: """{s}""") }}'),
        ("env", "text/plain", f"A=1\nexport API_TOKEN={s}\n"),
        ("ini", "text/plain", f"[db]\npassword = {s}\n"),
        ("toml", "application/toml", f'[db]\npassword = "{s}"\n'),
        ("php", "text/plain", f"'password' => '{s}',"),
        ("log line", "text/plain", f"2024-01-01 INFO login user=jo password={s} ok"),
        ("log line of json", "text/plain", f'INFO got {{"password":"{s}"}} ok'),
        ("curl", "text/plain", f"curl -H 'X-Api-Key: {s}' https://x/"),
        ("connection string", "text/plain", f"Server=db;User Id=sa;Password={s} x;Encrypt=1"),
        ("connection string in json", "application/json", json.dumps({"dsn": f"Endpoint=sb://x/;SharedAccessKey={s}"})),
        ("address", "application/json", json.dumps({"url": f"https://h/x?sig={s}&x=1"})),
        ("address in address", "application/json", json.dumps({"url": "https://h/?next=" + quote(f"https://i/?token={s}", safe="")})),
        ("user in an address", "application/json", json.dumps({"url": f"https://jo:{s}@h/x"})),
        ("utf-16", "application/json; charset=utf-16", j.encode("utf-16")),
        ("utf-16 without a word", "application/json", j.encode("utf-16-le")),
        ("utf-16, big-endian", "text/xml", f"<a><password>{s}</password></a>".encode("utf-16-be")),
        ("utf-32", "application/json", j.encode("utf-32")),
        ("utf-8 with a mark", "application/json", b"\xef\xbb\xbf" + j.encode()),
        ("ebcdic", "application/json; charset=cp037", j.encode("cp037")),
        ("latin-1", "text/plain; charset=utf-8", f"é password: {s}".encode("latin-1")),
        ("gzip", "application/gzip", gzip.compress(j.encode(), mtime=0)),
        ("yaml, explicit key", "application/yaml", f"? password\n: {s}\n"),
        ("yaml, folded", "application/yaml", f"password: one\n  {s}\n"),
        ("yaml, block that is folded", "application/yaml", f"password: >-\n   {s}\n"),
        ("yaml, anchor", "application/yaml", f"password: &a {s}\nother: *a\n"),
        ("yaml in json", "application/json", json.dumps({"y": f"user: x\ntoken: {s}\n"})),
        ("csv, a comment first", "text/csv", f"# all\nuser,token\njo,{s}\n"),
        ("csv, one column", "text/csv", f"token\n{s}\n"),
        ("csv in json", "application/json", json.dumps({"csv": f"user,token\njo,{s}\n"})),
        ("markdown table", "text/plain", f"| user | token |\n|---|---|\n| jo | {s} |\n"),
        ("html, table", "text/html", f"<tr><th>Password</th><td>{s}</td></tr>"),
        ("html, textarea", "text/html", f"<textarea name='token'>{s}</textarea>"),
        ("xml, cut off", "text/xml", f"<a><password>{s}"),
        ("xml, escaped in xml", "text/xml", f"<a>{html.escape(f'<b><password>{s}</password></b>')}</a>"),
        ("xml, in capitals", "text/xml", f"<A><PASSWORD>{s}</PASSWORD></A>"),
        ("heredoc", "text/plain", f"password = <<EOF\n{s}\nEOF\n"),
        ("option of a command", "text/plain", f"run --password {s} --user jo"),
        ("line of a Dockerfile", "text/plain", f"FROM x\nENV API_TOKEN {s}\n"),
        ("user of curl", "text/plain", f"curl -u jo:{s} https://h"),
        ("netrc", "text/plain", f"machine h login jo password {s}"),
        ("sql", "text/plain", f"CREATE USER x IDENTIFIED BY '{s}'"),
        ("php, serialized", "text/plain", f's:8:"password";s:9:"{s}";'),
        ("speech", "text/plain", f"Your password is '{s}' now"),
        ("speech in json", "application/json", json.dumps({"message": f"invalid token '{s}'"})),
        ("json in percent", "text/plain", f"body={quote(j)} end"),
        ("json in references", "text/plain", f"got {html.escape(j)}"),
        ("json in backslashes", "text/plain", "msg=" + json.dumps(j)),
        ("json cut off inside", "application/json", f'{{"a": 1, "password": "{s}'),
        ("json, map by token", "application/json", json.dumps({"tokens": {f"{s}-3x7Q9": {"user": "jo"}}})),
        ("json, escaped name", "application/json", f'{{"p\\u0061ssword": "{s}"}}'),
        ("json, typed", "application/json", json.dumps({"password": {"S": s}})),
        ("form in base64", "text/plain", base64.b64encode(f"password={s}".encode()).decode()),
        ("multipart, CR", "multipart/form-data; boundary=b", lf.replace("\n", "\r")),
        ("multipart, boundary in quotes", 'multipart/form-data; boundary="b c"', crlf.replace("--b", "--b c")),
        ("multipart, not ended", "multipart/form-data; boundary=b", crlf.removesuffix("\r\n--b--\r\n")),
        ("dumped headers", "text/plain", f"GET / HTTP/1.1\r\nHost: h\r\nX-Api-Key: {s}\r\n"),
    ]  # fmt: skip


def spellings(s: str) -> Iterator[tuple[str, str]]:
    """How the value is spelled, and the text."""
    raw = s.encode()
    yield "as it is", s
    yield "percent", "".join(f"%{byte:02X}" for byte in raw)
    yield "percent, small", "".join(f"%{byte:02x}" for byte in raw)
    yield "percent, in part", s[:3] + "".join(f"%{byte:02x}" for byte in raw[3:7]) + s[7:]
    yield "percent twice", "".join(f"%25{byte:02x}" for byte in raw)
    yield "hex", raw.hex()
    yield "hex, capitals", raw.hex().upper()
    for offset in range(3):
        yield f"base64 at {offset}", base64.b64encode(b"xyz"[:offset] + raw + b"zz").decode()
        yield f"urlsafe base64 at {offset}", base64.urlsafe_b64encode(b"xyz"[:offset] + raw + b"??").decode()
    yield "\\u", "".join(f"\\u{ord(c):04x}" for c in s)
    yield "\\u, in part", s[:4] + f"\\u00{ord(s[4]):02X}" + s[5:]
    yield "\\x", "".join(f"\\x{ord(c):02x}" for c in s)
    yield "references", "".join(f"&#{ord(c)};" for c in s)
    yield "references, hexadecimal", "".join(f"&#X{ord(c):X};" for c in s)
    yield "json in json", json.dumps(json.dumps(s))
    yield "capitals", s.upper()
    yield "broken over lines", s[:9] + "\r\n " + s[9:]
