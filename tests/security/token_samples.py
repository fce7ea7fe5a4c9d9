"""Names of secrets, and made-up tokens in the forms of many vendors; none of them opens anything."""

from __future__ import annotations

import hashlib


def _hex(length: int, seed: str = "h") -> str:
    text = ""
    while len(text) < length:
        text += hashlib.sha256(f"{seed}{len(text)}".encode()).hexdigest()
    return text[:length]


def _word(length: int, seed: str = "w") -> str:
    signs = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz0123456789"
    return "".join(
        signs[int(_hex(2 * length, seed)[2 * place : 2 * place + 2], 16) % 56] for place in range(length)
    )


_PEM = "-----BEGIN {0}PRIVATE KEY{1}-----\n{2}\n{3}\n-----END {0}PRIVATE KEY{1}-----"

TOKENS: tuple[tuple[str, str], ...] = (
    ("AWS access key", "AKIA" + _word(16).upper()),
    ("AWS temporary key", "ASIA" + _word(16, "a").upper()),
    ("GitHub, personal", "ghp_" + _word(36)),
    ("GitHub, OAuth", "gho_" + _word(36, "b")),
    ("GitHub, server", "ghs_" + _word(36, "c")),
    ("GitHub, refresh", "ghr_" + _word(76)),
    ("GitHub, fine-grained", "github_pat_" + _word(22) + "_" + _word(59)),
    ("GitLab", "glpat-" + _word(20)),
    ("GitLab runner", "glrt-" + _word(20)),
    ("Slack bot", "xoxb-" + "123456789012-123456789012-" + _word(24)),
    ("Slack user", "xoxp-1234567890-1234567890-1234567890-" + _hex(32)),
    ("Slack app", "xapp-1-A0123456789-1234567890123-" + _hex(64)),
    ("Slack webhook", "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/" + _word(24)),
    ("Stripe", "sk_live_" + _word(24)),
    ("Stripe, longer", "sk_test_51" + _word(97)),
    ("Stripe, restricted", "rk_live_" + _word(24)),
    ("Stripe webhook", "whsec_" + _word(32)),
    ("Stripe payment", "pi_" + _word(24) + "_secret_" + _word(25)),
    ("Twilio", "SK" + _hex(32)),
    ("SendGrid", "SG." + _word(22) + "." + _word(43)),
    ("Google API key", "AIza" + _word(35)),
    ("Google access token", "ya29.a0" + _word(60)),
    ("Google client secret", "GOCSPX-" + _word(28)),
    ("Google refresh token", "1//0" + _word(60)),
    ("Azure client secret", "abc8Q~" + _word(34)),
    ("Azure SAS", "https://x.blob.core.windows.net/c?sv=2022&sig=" + _word(43) + "%3D"),
    ("Azure account key", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=" + _word(86) + "=="),
    ("npm", "npm_" + _word(36)),
    ("PyPI", "pypi-AgEIcHlwaS5vcmc" + _word(80)),
    ("Docker", "dckr_pat_" + _word(27)),
    ("Shopify", "shpat_" + _hex(32)),
    ("Shopify secret", "shpss_" + _hex(32, "s")),
    ("Square", "sq0atp-" + _word(22)),
    ("PayPal", "A21AA" + _word(90)),
    ("Braintree", "access_token$production$" + _hex(16) + "$" + _hex(32)),
    ("Mailgun", "key-" + _hex(32)),
    ("Mailchimp", _hex(32) + "-us12"),
    ("Telegram", "123456789:AA" + _word(33)),
    ("Discord", "MT" + _word(24) + "." + _word(6) + "." + _word(38)),
    ("Discord webhook", "https://discord.com/api/webhooks/123456789012345678/" + _word(68)),
    ("Heroku", "HRKU-AA" + _word(58)),
    ("DigitalOcean", "dop_v1_" + _hex(64)),
    ("Databricks", "dapi" + _hex(32)),
    ("Hugging Face", "hf_" + _word(34)),
    ("OpenAI", "sk-" + _word(48)),
    ("OpenAI project", "sk-proj-" + _word(40) + "-" + _word(40)),
    ("Anthropic", "sk-ant-api03-" + _word(93) + "AA"),
    ("Linear", "lin_api_" + _word(40)),
    ("Atlassian", "ATATT3xFfGF0" + _word(180)),
    ("Postman", "PMAK-" + _hex(24) + "-" + _hex(34)),
    ("New Relic", "NRAK-" + _word(27).upper()),
    ("Grafana", "glc_" + _word(60)),
    ("Grafana service account", "glsa_" + _word(32) + "_" + _hex(8)),
    ("Sentry", "sntrys_eyJ" + _word(60)),
    ("Vault", "hvs." + _word(90)),
    ("Terraform", _word(14) + ".atlasv1." + _word(67)),
    ("Age", "AGE-SECRET-KEY-1" + _word(58).upper()),
    ("RSA key", _PEM.format("RSA ", "", _word(64), _word(30))),
    ("OpenSSH key", _PEM.format("OPENSSH ", "", _word(64, "o"), _word(30, "p"))),
    ("PGP key", _PEM.format("PGP ", " BLOCK", _word(64, "q"), _word(30, "r"))),
    ("PKCS 8 key, cut off", "-----BEGIN PRIVATE KEY-----\n" + _word(64, "k")),
    ("JWT", "eyJhbGciOiJIUzI1NiJ9.eyJ" + _word(40) + "." + _word(43)),
    ("JWE", "eyJhbGciOiJkaXIifQ.." + _word(16) + "." + _word(60) + "." + _word(22)),
    ("bearer", "Bearer " + _hex(40)),
    ("basic", "Basic " + _word(30) + "1="),
    ("database", "postgres://app:" + _word(20) + "@db.example/x"),
    ("redis", "redis://:" + _word(20, "t") + "@cache:6379/0"),
    ("token in an address", "https://" + _hex(40) + "@git.example/x.git"),
    ("Notion", "ntn_" + _word(46)),
    ("Airtable", "pat" + _word(14) + "." + _hex(64)),
    ("Figma", "figd_" + _word(40)),
    ("Doppler", "dp.pt." + _word(43)),
    ("Supabase", "sbp_" + _hex(40)),
    ("RubyGems", "rubygems_" + _hex(48)),
    ("Groq", "gsk_" + _word(52)),
    ("Pulumi", "pul-" + _hex(40)),
    ("Sonar", "squ_" + _hex(40)),
    ("Dynatrace", "dt0c01." + _word(24).upper() + "." + _word(64).upper()),
    ("Plaid", "access-production-" + "-".join((_hex(8), _hex(4), _hex(4), _hex(4), _hex(12)))),
    ("Brevo", "xkeysib-" + _hex(64) + "-" + _word(16)),
    ("AWS signature", "AWS4-HMAC-SHA256 Credential=x, Signature=" + _hex(64)),
)

NAMES = (
    "password", "passwd", "pwd", "userPassword", "password2", "new_password", "DB_PASS", "passphrase", "passcode", "pin", "otp",
    "totp", "secret", "client_secret", "clientSecret", "CLIENT-SECRET", "secretKey", "aws_secret_access_key", "shared.secret",
    "token", "access_token", "accessToken", "accesstoken", "refreshtoken", "id_token", "X-Auth-Token", "csrfmiddlewaretoken",
    "XSRF-TOKEN", "__RequestVerificationToken", "device_token2", "key", "apikey", "apiKey", "APIKey", "api.key", "x-api-key",
    "X-RapidAPI-Key", "Ocp-Apim-Subscription-Key", "signing_key", "encryptionKey", "master-key", "storage_key", "webhook_key",
    "DD-APPLICATION-KEY", "auth", "basicAuth", "X-Auth-Key", "session", "user_session", "sessionId", "session-id", "PHPSESSID",
    "JSESSIONID", "signature", "X-Twilio-Signature", "X-Hub-Signature-256", "Stripe-Signature", "X-Signature-Ed25519", "sig",
    "X-Shopify-Hmac-Sha256", "X-Amz-Security-Token", "X-Amz-Signature", "X-Vault-Token", "PRIVATE-TOKEN", "CF-Access-Client-Secret",
    "CB-ACCESS-SIGN", "X-Honeycomb-Team", "credential", "credentials", "X-Amz-Credential", "cookie", "bearer", "jwt", "assertion",
    "authorization", "authCode", "code_verifier", "private_key", "privatekey", "webhook_secret", "cvv", "wsse:Password",
    "filter[token]", "user[password]", "credentials.user", "contraseña", "Passwort", "mot_de_passe", "license_key",
)  # fmt: skip
