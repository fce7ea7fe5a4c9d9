"""Credentials that are known by how they look, whatever they are called: a table of facts, with the source of each.

Sources are the vendor's documentation ("docs"), an RFC, or a rule of the public scanner gitleaks, given by its id.
Lengths are lower bounds: a longer run of the same characters is taken as a whole. An expression begins with fixed
characters, or is not looked for inside of a run of the characters that it begins with, so that looking for it takes
linear time. Both Python's engine and Rust's understand them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenShape:
    """A kind of credential: the group `s` of the expression is what is secret, or all of it if there is no such group.

    `apart_from` are characters that must not come right before a match, for shapes that are common inside longer words.
    Case counts, except if `any_case`. What is secret has at least `least` characters.
    """

    name: str
    source: str
    pattern: str
    apart_from: str = ""
    any_case: bool = False
    least: int = 0


_WORD = "A-Za-z0-9"
_ID = "[A-Za-z0-9_-]"
_AN = "[A-Za-z0-9]"
_B64 = "[A-Za-z0-9+/]"
_HEX = "[0-9a-fA-F]"

TOKEN_SHAPES: tuple[TokenShape, ...] = (
    # Notations that many vendors use.
    TokenShape("JWT, JWS, JWE", "RFC 7519, RFC 7515, RFC 7516", rf"eyJ{_ID}{{8,}}(?:\.{_ID}*){{2,4}}", _WORD + "_-"),
    TokenShape("private key in PEM", "RFC 7468; OpenSSH PROTOCOL.key; RFC 9580, section 6.2",
               r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
               r"(?P<s>(?s:.*?))(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY|\z)"),
    TokenShape("private key of PuTTY", "PuTTY docs, appendix C (PPK)",
               rf"Private-Lines: [0-9]{{1,3}}(?P<s>(?:(?:\r?\n|\\n|\\r\\n){_B64}+={{0,2}})+)"),
    TokenShape("credentials of a scheme", "RFC 6750, RFC 7617",
               r"(?:Bearer|Basic|Token|SSWS|GenieKey|DPoP|ApiKey)(?: |%20|\+)"
               r"(?P<s>[A-Za-z._~+/-]*[0-9=][A-Za-z0-9._~+/=-]*)",
               _WORD + "_-", any_case=True, least=16),
    TokenShape("user and password in a URL", "RFC 3986, section 3.2.1",
               r"://(?P<s>[^/ \t\r\n:@\"'<>\\{}]*:[^/ \t\r\n@\"'<>\\{}]+)@"),
    TokenShape("token as the user of a URL", "RFC 3986, section 3.2.1",
               rf"https?://(?P<s>{_ID}{{20,}})@"),
    TokenShape("user and password of curl", "curl docs, --user",
               r"(?:-u|--user|--proxy-user)[ =][\"']?(?P<s>[^ \t\r\n:\"']+:[^ \t\r\n\"']+)", _WORD + "-"),
    TokenShape("password of netrc", "curl docs, netrc",
               r"login[ \t\r\n]+[^ \t\r\n]+[ \t\r\n]+password[ \t\r\n]+(?P<s>[^ \t\r\n]+)"),
    TokenShape("password in SQL", "PostgreSQL docs, CREATE ROLE; MySQL docs, CREATE USER",
               r"(?:identified by|identified with [a-z_0-9]+ by|password) +'(?P<s>[^'\r\n]+)'", any_case=True),
    TokenShape("hash of a password", "crypt(5)",
               r"\$(?:2[abxy]|5|6|7|y|gy|apr1|argon2(?:id|i|d)|scrypt)\$[A-Za-z0-9./$=,+]{20,}"),
    TokenShape("PASETO", "PASETO specification", rf"v[1-4]\.(?:local|public)\.{_ID}{{32,}}(?:\.{_ID}*)?"),
    TokenShape("Age", "age docs; age-secret-key", r"AGE-SECRET-KEY-1[0-9A-Za-z]{58,}", any_case=True),
    # Clouds.
    TokenShape("AWS access key id", "IAM docs, unique identifiers",
               r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16,}", _WORD),
    TokenShape("AWS Bedrock key", "aws-amazon-bedrock-api-key-long-lived", rf"ABSK{_B64}{{60,}}={{0,2}}", _WORD),
    TokenShape("Google API key", "gcp-api-key", rf"AIza{_ID}{{35,}}", _WORD),
    TokenShape("Google OAuth access token", "Google Identity docs", r"ya29\.[A-Za-z0-9_.-]{20,}"),
    TokenShape("Google OAuth refresh token", "Google Identity docs", rf"1//0{_ID}{{30,}}", _WORD),
    TokenShape("Google OAuth client secret", "Google Identity docs", rf"GOCSPX-{_ID}{{20,}}"),
    TokenShape("Azure AD client secret", "azure-ad-client-secret",
               r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,}", _WORD + "_~."),
    TokenShape("Azure key", "Azure docs, identifiable keys",
               rf"{_B64}{{33,90}}(?:\+(?:ASt|ACDb|AMC|ARm|AEh|ASb)|AzFu|AIoT|AzCa|AzSe|ACDb|APIM|ACRD)"
               rf"{_B64}{{5,9}}={{0,2}}", _WORD + "+/"),
    TokenShape("Azure connection", "Azure Storage docs; Service Bus docs",
               r"(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?P<s>[^;\s\"'&<>]{16,})", any_case=True),
    TokenShape("Azure shared access signature", "Azure Storage docs, service SAS",
               r"[?&;](?:amp;)?sig=(?P<s>[A-Za-z0-9%+/=]{20,})", any_case=True),
    TokenShape("AWS signature", "AWS Signature Version 4",
               rf"Signature=(?P<s>{_HEX}{{40,}})", _WORD + "_"),
    TokenShape("Alibaba access key", "alibaba-access-key-id", rf"LTAI{_AN}{{16,}}", _WORD),
    TokenShape("Tencent secret id", "Tencent Cloud docs", rf"AKID{_AN}{{32,}}", _WORD),
    TokenShape("Yandex", "yandex-api-key; yandex-access-token",
               rf"(?:AQVN{_ID}{{35,}}|t1\.[A-Z0-9a-z_-]+={{0,2}}\.{_ID}{{86,}}={{0,2}})"),
    TokenShape("Cloudflare origin CA key", "cloudflare-origin-ca-key", rf"v1\.0-{_HEX}{{24}}-{_HEX}{{146,}}"),
    TokenShape("DigitalOcean", "digitalocean-pat", rf"do[oprt]_v1_{_HEX}{{64,}}"),
    TokenShape("Heroku", "heroku-api-key-v2", rf"HRKU-{_ID}{{36,}}"),
    TokenShape("Fly.io", "flyio-access-token", r"(?:fo1_[A-Za-z0-9_-]{43,}|fm[12][ar]?_[A-Za-z0-9+/]{60,}={0,3})"),
    TokenShape("PlanetScale", "planetscale-api-token", r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9=._-]{32,}"),
    TokenShape("Supabase", "Supabase docs", rf"sb(?:p|_secret)_{_ID}{{20,}}"),
    # Code and its delivery.
    TokenShape("GitHub", "GitHub docs; github-pat, github-oauth", rf"gh[oprsu]_{_AN}{{36,}}"),
    TokenShape("GitHub, fine-grained", "github-fine-grained-pat", r"github_pat_[A-Za-z0-9_]{36,}"),
    TokenShape("GitLab", "GitLab docs, token prefixes",
               rf"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-{_ID}{{20,}}(?:\.{_ID}+){{0,2}}"),
    TokenShape("GitLab runner registration", "gitlab-rrt", rf"GR1348941{_ID}{{20,}}"),
    TokenShape("Bitbucket, Jira, Confluence", "Atlassian docs, API tokens",
               r"AT(?:ATT|CTT|STT)3[A-Za-z0-9_+/=-]{20,}"),
    TokenShape("Bitbucket app password", "Atlassian docs, app passwords", rf"ATBB{_AN}{{24,}}", _WORD),
    TokenShape("npm", "npm-access-token", rf"npm_{_AN}{{36,}}"),
    TokenShape("PyPI", "pypi-upload-token", rf"pypi-{_ID}{{32,}}"),
    TokenShape("RubyGems", "rubygems-api-token", rf"rubygems_{_HEX}{{48,}}"),
    TokenShape("NuGet", "NuGet docs", r"oy2[a-z0-9]{43,}", _WORD),
    TokenShape("Clojars", "clojars-api-token", rf"CLOJARS_{_AN}{{60,}}", any_case=True),
    TokenShape("crates.io", "crates.io docs", rf"cio{_AN}{{32,}}", _WORD),
    TokenShape("Docker", "Docker docs, access tokens", rf"dckr_(?:pat|oat)_{_ID}{{20,}}"),
    TokenShape("Artifactory", "artifactory-api-key", rf"AKCp{_AN}{{65,}}", _WORD),
    TokenShape("CircleCI", "CircleCI docs", rf"CCI(?:PAT|PRJ)_{_AN}+_{_HEX}{{40,}}"),
    TokenShape("Buildkite", "Buildkite docs", rf"bk(?:ua|pt|at)_{_AN}{{40,}}"),
    TokenShape("Sonar", "sonar-api-token", rf"sq[apu]_{_HEX}{{40,}}"),
    TokenShape("Sourcegraph", "sourcegraph-access-token", r"sg[ps]_[A-Za-z0-9_]{40,}"),
    TokenShape("Terraform", "hashicorp-tf-api-token", rf"{_AN}{{14}}\.atlasv1\.[A-Za-z0-9_=-]{{40,}}", _WORD),
    TokenShape("Vault", "vault-service-token, vault-batch-token", rf"hv[bsr]\.{_ID}{{20,}}"),
    TokenShape("Pulumi", "pulumi-api-token", rf"pul-{_HEX}{{40,}}"),
    TokenShape("Doppler", "doppler-api-token", rf"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:{_ID}{{1,40}}\.)?{_AN}{{40,}}"),
    TokenShape("1Password", "1password-service-account-token", r"ops_eyJ[A-Za-z0-9+/]{50,}={0,3}"),
    TokenShape("Tailscale", "Tailscale docs", rf"tskey-[a-z]+-{_AN}+-{_AN}{{10,}}"),
    TokenShape("Postman", "postman-api-token", rf"PMAK-{_HEX}{{24}}-{_HEX}{{34,}}"),
    TokenShape("Postman collection key", "Postman docs", r"PMAT-[A-Z0-9]{20,}"),
    # What watches over programs.
    TokenShape("New Relic", "New Relic docs; new-relic-user-api-key", rf"NR(?:AK|AL|II|IQ|SP|BR|RA|JS)-{_ID}{{19,}}"),
    TokenShape("New Relic licence", "New Relic docs",
               rf"(?:[a-z]{{2}}[0-9]{{2}}xx)?{_HEX}{{30,40}}(?:FF)?NRAL", _WORD),
    TokenShape("Grafana", "grafana-cloud-api-token", rf"glc_{_B64}{{32,}}={{0,2}}"),
    TokenShape("Grafana service account", "grafana-service-account-token", rf"glsa_{_AN}{{32,}}_{_HEX}{{8,}}"),
    TokenShape("Sentry", "sentry-org-token, sentry-user-token", r"sntry[usr]_[A-Za-z0-9+/=_-]{32,}"),
    TokenShape("Dynatrace", "dynatrace-api-token", r"dt0[a-z][0-9]{2}\.[A-Z0-9]{8,24}\.[A-Z0-9]{64,}"),
    TokenShape("Honeycomb", "Honeycomb docs", rf"hc[abmx](?:ik|lk|mk)_{_AN}{{26,}}"),
    # Messages.
    TokenShape("Slack", "Slack docs, token types", r"xox[a-z](?:\.xox[bp])?-[A-Za-z0-9-]{10,}", any_case=True),
    TokenShape("Slack app", "slack-app-token", r"xapp-[0-9]-[A-Za-z0-9-]{10,}", any_case=True),
    TokenShape("Slack webhook", "slack-webhook-url; the host may be the one that is recorded",
               r"/services/(?P<s>T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,})"),
    TokenShape("Slack workflow", "slack-webhook-url",
               r"hooks\.slack(?:-gov)?\.com/(?:workflows|triggers)/(?P<s>[A-Za-z0-9+/_-]{16,})"),
    TokenShape("Discord bot", "Discord docs", rf"[MNO]{_ID}{{22,27}}\.{_ID}{{6}}\.{_ID}{{27,}}", _WORD + "_-"),
    TokenShape("Discord, second factor", "Discord docs", rf"mfa\.{_ID}{{80,}}"),
    TokenShape("Discord webhook", "Discord docs", rf"/webhooks/[0-9]{{15,25}}/(?P<s>{_ID}{{40,}})"),
    TokenShape("Teams webhook", "microsoft-teams-webhook",
               r"webhook\.office\.com/webhookb2/"
               r"(?P<s>[A-Za-z0-9@-]+/IncomingWebhook/[A-Za-z0-9-]+/[A-Za-z0-9-]+(?:/[A-Za-z0-9_-]+)?)"),
    TokenShape("Telegram bot", "telegram-bot-api-token", rf"(?:bot)?(?P<s>[0-9]{{5,16}}:A{_ID}{{34,}})", _WORD),
    TokenShape("Twilio API key", "twilio-api-key", rf"SK{_HEX}{{32}}", _WORD),
    TokenShape("SendGrid", "sendgrid-api-token", rf"SG\.{_ID}{{16,}}\.{_ID}{{16,}}"),
    TokenShape("Mailgun", "mailgun-private-api-token", rf"key-{_HEX}{{32,}}", _WORD + "_-"),
    TokenShape("Mailgun, newer", "mailgun-signing-key", rf"{_HEX}{{32}}-{_HEX}{{8}}-{_HEX}{{8}}", _WORD + "-"),
    TokenShape("Mailchimp", "mailchimp-api-key", rf"{_HEX}{{32}}-us[0-9]{{1,2}}", _WORD),
    TokenShape("Brevo", "sendinblue-api-token", rf"xkeysib-{_HEX}{{64}}-{_AN}{{16,}}"),
    TokenShape("Facebook", "facebook-page-access-token", rf"EAA[MC]{_AN}{{80,}}", _WORD),
    TokenShape("Twitter bearer", "twitter-bearer-token", r"A{22}[A-Za-z0-9%]{60,}", _WORD),
    # Money.
    TokenShape("Stripe", "Stripe docs, API keys",
               rf"(?:sk|rk|ek|sk_org|rk_org)_(?:live|test|prod)_{_AN}{{10,}}(?:_{_AN}+)?"),
    TokenShape("Stripe webhook", "Stripe docs, webhook signatures", rf"whsec_{_B64}{{24,}}={{0,2}}"),
    TokenShape("Stripe client secret", "Stripe docs, payment intents",
               rf"(?:pi|seti|cs|src|cuss)_{_AN}{{10,}}_secret_{_AN}{{8,}}"),
    TokenShape("PayPal", "PayPal docs, authentication", rf"A21AA{_ID}{{40,}}", _WORD),
    TokenShape("Braintree", "Braintree docs",
               rf"access_token\$(?:production|sandbox)\$[0-9a-z]{{16}}\${_HEX}{{32,}}"),
    TokenShape("Square", "square-access-token", rf"(?:sq0(?:atp|csp|idb|sip)-{_ID}{{22,}}|EAAA{_ID}{{56,}})", _WORD),
    TokenShape("Shopify", "shopify-access-token", rf"shp(?:at|ca|pa|ss|ua|tka)_{_HEX}{{32,}}"),
    TokenShape("Adyen", "Adyen docs, API credentials",
               rf"AQ[A-Z][a-z]{_B64}{{40,}}={{0,2}}-{_B64}{{20,}}={{0,2}}-{_AN}{{8,}}", _WORD),
    TokenShape("Plaid", "plaid-api-token",
               rf"access-(?:sandbox|development|production)-{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"),
    TokenShape("Flutterwave", "flutterwave-secret-key", rf"FLWSECK(?:_TEST|_LIVE)?-{_AN}{{12,}}(?:-X)?"),
    TokenShape("EasyPost", "easypost-api-token", rf"EZ[AT]K{_AN}{{54,}}", _WORD),
    TokenShape("Shippo", "shippo-api-token", rf"shippo_(?:live|test)_{_HEX}{{40,}}"),
    TokenShape("Duffel", "duffel-api-token", r"duffel_(?:live|test)_[A-Za-z0-9_=-]{43,}"),
    # Language models.
    TokenShape("Anthropic", "anthropic-api-key", rf"sk-ant-{_ID}{{20,}}", _WORD + "_-"),
    TokenShape("OpenAI", "openai-api-key",
               rf"sk-(?:(?:proj|svcacct|admin|None|or-v1|lf)-{_ID}{{20,}}|{_AN}{{32,}})", _WORD + "_-"),
    TokenShape("Hugging Face", "huggingface-access-token", rf"(?:hf|api_org)_{_AN}{{30,}}"),
    TokenShape("Groq, xAI, Perplexity, Replicate", "vendors' docs", rf"(?:gsk_|xai-|pplx-|r8_){_AN}{{36,}}", _WORD),
    # What people work with.
    TokenShape("Databricks", "databricks-api-token", rf"dapi{_HEX}{{32}}(?:-[0-9])?", _WORD),
    TokenShape("Linear", "linear-api-key", rf"lin_(?:api|oauth)_{_AN}{{32,}}"),
    TokenShape("Notion", "notion-api-token", rf"(?:ntn_|secret_){_AN}{{43,}}"),
    TokenShape("Airtable", "airtable-personnal-access-token", rf"pat{_AN}{{14}}\.{_HEX}{{64,}}", _WORD),
    TokenShape("Figma", "Figma docs", rf"figd_{_ID}{{30,}}"),
    TokenShape("HubSpot", "HubSpot docs", rf"pat-[a-z]{{2}}[0-9]-{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"),
    TokenShape("Typeform", "typeform-api-token", r"tfp_[A-Za-z0-9_.=-]{40,}"),
    TokenShape("ReadMe", "readme-api-token", r"rdme_[a-z0-9]{70,}"),
    TokenShape("Contentful", "Contentful docs", rf"CFPAT-{_ID}{{40,}}"),
    TokenShape("Dropbox", "dropbox-short-lived-api-token", rf"sl\.(?:u\.)?{_ID}{{100,}}", _WORD),
    TokenShape("Okta", "okta-access-token", rf"SSWS[ +](?P<s>00{_ID}{{38,}})"),
)  # fmt: skip
