"""The words of names in any case style, and what a word is in a name: part of a product, a plural, a preposition."""

from __future__ import annotations

import re
import unicodedata

# Names that no rule could tell from two words; the first letter may be a small one too (`payPalId`).
_INNER_CAPITALS = (
    "AdWords", "BigQuery", "BitBucket", "CloudFlare", "CloudFront", "CloudWatch", "CosmosDB", "DDoS", "DevOps", "DoS",
    "DocuSign", "DynamoDB", "EBay", "FedEx", "FreshBooks", "GitHub", "GitLab", "GraphQL", "HubSpot", "IaaS", "IdP",
    "InfluxDB", "IoT", "JavaScript", "LinkedIn", "MailChimp", "MariaDB", "MongoDB", "MySQL", "NoSQL", "OAuth[0-9]*",
    "OneDrive", "OpenAPI", "OpenID", "PaaS", "PagerDuty", "PayPal", "PlayStation", "PoE", "PoS", "PostgreSQL",
    "PowerPoint", "QoS", "QuickBooks", "SaaS", "SendGrid", "SharePoint", "TikTok", "TypeScript", "VoIP", "WebAuthn",
    "WebHook", "WebSocket", "WhatsApp", "WiFi", "WordPress", "YouTube",
)  # fmt: skip
_NAMES = "|".join(f"[{name[0]}{name[0].lower()}]{name[1:]}" for name in _INNER_CAPITALS)
_KEPT = re.compile(
    r"(?x)"
    # a name of the list
    rf"(?:(?<![a-zA-Z])(?=[a-z])|(?=[A-Z]))(?:{_NAMES}|MacOS|macOS|IPv[46])s?(?![a-z])"
    # the plural of an abbreviation: IPs, URLs
    r"|[A-Z]{2,}s(?![a-z])"
    # one letter before an abbreviation or a word: iOS, gRPC, mTLS, iPhone, eTag
    r"|(?<![a-zA-Z])(?:[egimv](?:[A-Z]{2,}s?(?![a-z])|[A-Z]{2,}(?=[A-Z][a-z]))|[ei][A-Z][a-z]+)"
    # a figure between two capitals: A2A, B2B
    r"|[A-Z][0-9][A-Z](?=[A-Z][a-z]|[^a-zA-Z]|$)"
)
"""Words with capitals inside that are one word all the same."""
_WORD = re.compile(rf"{_KEPT.pattern}|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+[0-9]*|[A-Z]+[0-9]*|[0-9]+")
_ANY_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['\u2019]s\b")

JOINING_WORDS = frozenset(
    {
        "a", "an", "any", "each", "every", "its", "my", "our", "some", "that", "the", "their", "these", "this", "those",
        "your",
        "about", "after", "against", "and", "as", "at", "before", "between", "by", "during", "for", "from", "in",
        "into", "of", "on", "onto", "or", "per", "than", "through", "to", "toward", "towards", "under", "until", "via",
        "when", "which", "with", "within", "without",
    }
)  # fmt: skip
"""Articles, prepositions and the like: a name that begins or ends with one is cut off from what it belongs to."""
_KINDS = frozenset(
    {"api", "apis", "documentation", "docs", "openapi", "spec", "specification", "specifications", "specs"}
)
"""What a title says about the document, not about the API."""
_KINDS_AT_AN_END = frozenset({"definition", "definitions", "reference", "references"})
"""The same if no other word comes after them: "Reference Data API" is about reference data."""
_API = frozenset({"api", "apis", "openapi"})
_VERSION = re.compile(r"v?[0-9]+")
_SINGULARS = {
    "aliases": "alias", "analyses": "analysis", "apis": "api", "axes": "axis", "buses": "bus", "children": "child",
    "cookies": "cookie", "criteria": "criterion", "indices": "index", "matrices": "matrix", "men": "man",
    "movies": "movie", "niches": "niche", "people": "person", "statuses": "status", "vertices": "vertex",
    "viruses": "virus", "women": "woman",
}  # fmt: skip
_NO_PLURALS = frozenset(
    {
        "alias", "atlas", "aws", "bias", "canvas", "chaos", "cors", "dns", "gas", "gps", "https", "ios", "kudos",
        "lens", "news", "os", "pos", "series", "sms", "species", "tls",
    }
)  # fmt: skip


def words(text: str) -> list[str]:
    """The words of a name in any case style; accents are dropped, letters with no ASCII base are kept as they are."""
    text = unicodedata.normalize("NFKD", text.replace("'", ""))
    base = "".join(character for character in text if not unicodedata.combining(character))
    if base.isascii():
        return _WORD.findall(base)
    return [
        word for word in _ANY_WORD.findall(unicodedata.normalize("NFKC", base)) if f"x{word}".isidentifier()
    ]


def capitalized(word: str) -> str:
    """A word as a class name has it; one with capitals inside keeps them."""
    return word[0].upper() + (word[1:] if _KEPT.fullmatch(word) else word[1:].lower())


def title_words(title: str) -> list[str]:
    """The words of a title without those that say what kind of document it is the title of.

    A version of OpenAPI is left out too, and so are articles and prepositions that would then begin or end the title.
    """
    every = words(_POSSESSIVE.sub("", title))
    lower = [word.lower() for word in every]
    kept = [index for index in range(len(every)) if not _says_kind(lower, index)]
    while kept and kept[0] and lower[kept[0]] in JOINING_WORDS:
        del kept[0]
    while kept and kept[-1] < len(every) - 1 and lower[kept[-1]] in JOINING_WORDS:
        del kept[-1]
    return [every[index] for index in kept] or [word for word in every if word.lower() in _API][:1] or every


def _says_kind(lower: list[str], index: int) -> bool:
    word, after = lower[index], "".join(lower[index + 1 : index + 2])
    if word.isdecimal():
        number = index
        while number and lower[number].isdecimal():
            number -= 1
        return lower[number] == "openapi"
    if word in _KINDS_AT_AN_END:
        return not after or after in _KINDS | JOINING_WORDS or _VERSION.fullmatch(after) is not None
    return word in _KINDS or (word in ("rest", "restful") and after in _API)


def singular(word: str) -> str:
    """The singular of an English plural, as far as the spelling shows it; any other word as it is."""
    if word in _SINGULARS or word in _NO_PLURALS:
        return _SINGULARS.get(word, word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")) and word != "caches":
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return word
