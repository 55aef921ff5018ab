"""A state's NEMSIS web service as its WSDL describes it, on loopback, in a process of its own.

    python -m tests.nemsis_peer PORT

Documents are checked by the official XSD and Schematron. What goes wrong is said by the path:
/async answers 0, then 10, then the result; /forgetful has lost the handle; /500, /busy, /fault,
/slow, /cut, /hostile, /bomb, /garbage, /partial, /custom answer so. /sent tells what came.
"""

from __future__ import annotations

import json
import sys
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape, quoteattr

import django
from lxml import etree

WS = "http://ws.nemsis.org/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
USER, PASSWORD, ORGANISATION = "onboard", "correct horse & <battery>", "A1"
LIMIT_KB = 2048

SENT: list[dict[str, str]] = []
KNOWN: set[str] = set()
RESULTS: dict[str, tuple[int, str]] = {}
ASKED: dict[str, int] = {}

HOSTILE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<x>&e;</x>"""
TEN = "&%s;" * 10
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    f'<!ENTITY b "{TEN.replace("%s", "a")}"><!ENTITY c "{TEN.replace("%s", "b")}">]><x>&c;</x>'
).encode()


def text(request: etree._Element, name: str) -> str:
    return request.findtext(f"{{{WS}}}{name}") or ""


def judged(document: bytes) -> tuple[int, str]:
    """The status code and the reports for a document."""
    from ehr_prehospital.exchange.nemsis.validation import validate_document

    report = validate_document(document)
    of_rules = [one for one in report.findings if one.rule.startswith("nemSch")]
    of_schema = [one for one in report.findings if one not in of_rules]
    errors = "".join(
        f"<xmlError><desc>{escape(one.text)}</desc><failedElementList><xmlElementInfo>"
        f"<elementName>?</elementName><elementLocation><line>{one.line or 0}</line>"
        f"<xpathLocation>{escape(one.where)}</xpathLocation></elementLocation></xmlElementInfo>"
        "</failedElementList></xmlError>"
        for one in of_schema
    )
    rules = "".join(
        f"<svrl:failed-assert id={quoteattr(one.rule)} role='[{one.level.upper()}]'"
        f" location={quoteattr(one.where)}><svrl:text>{escape(one.text)}</svrl:text>"
        "</svrl:failed-assert>"
        for one in of_rules
    )
    reports = (
        f"<xmlValidationErrorReport><totalErrorCount>{len(of_schema)}</totalErrorCount>{errors}"
        "</xmlValidationErrorReport><schematronReport><completeSchematronReport><completeReport>"
        "<payloadOfXmlElement><svrl:schematron-output xmlns:svrl='http://purl.oclc.org/dsdl/svrl'>"
        f"{rules}</svrl:schematron-output></payloadOfXmlElement></completeReport>"
        "</completeSchematronReport></schematronReport>"
    )
    if of_schema:
        return -12, reports
    if any(one.level == "error" for one in of_rules):
        return -14, reports
    return (3 if of_rules else 1), reports


def enveloped(operation: str, inner: str) -> bytes:
    return (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Body><{operation}Response xmlns="{WS}">'
        f"<requestType>{operation}</requestType>{inner}</{operation}Response></S:Body></S:Envelope>"
    ).encode()


def submitted(handle: str, code: int, reports: str = "") -> bytes:
    inside = f"<reports>{reports}</reports>" if reports else ""
    return enveloped(
        "SubmitData",
        f"<requestHandle>{handle}</requestHandle><statusCode>{code}</statusCode>{inside}",
    )


def fault(who: str, words: str) -> bytes:
    return (
        f'<S:Envelope xmlns:S="{SOAP}"><S:Body><S:Fault><faultcode>S:{who}</faultcode>'
        f"<faultstring>{words}</faultstring></S:Fault></S:Body></S:Envelope>"
    ).encode()


def allowed(request: etree._Element) -> int:
    """0, or the code of what is not allowed."""
    if (text(request, "username"), text(request, "password")) != (USER, PASSWORD):
        return -1
    return 0 if text(request, "organization") == ORGANISATION else -3


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200, json.dumps(SENT).encode())

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = etree.fromstring(raw).find(f"{{{SOAP}}}Body")
        assert body is not None
        request = body[0]
        operation = etree.QName(request).localname.removesuffix("Request")
        assert self.headers["SOAPAction"] == f'"{WS}{operation}"'
        SENT.append({"operation": operation, "handle": text(request, "requestHandle")})
        if self.went_wrong():
            return
        answers = {
            "SubmitData": self.submit,
            "RetrieveStatus": self.status,
            "QueryLimit": self.limit,
        }
        self.answer(200, answers[operation](request))

    def went_wrong(self) -> bool:
        if self.path == "/slow":
            time.sleep(30)
        if self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "5000")
            self.end_headers()
            self.wfile.write(submitted("h", 1)[:90])
            return True
        wrong = {
            "/500": (500, b"<html>Internal Server Error</html>"),
            "/busy": (503, b""),
            "/moved": (302, b""),
            "/unauthorised": (401, b""),
            "/fault": (500, fault("Server", "out of memory")),
            "/badfault": (500, fault("Client", "no such operation")),
            "/hostile": (200, HOSTILE),
            "/bomb": (200, BOMB),
            "/garbage": (200, b"\x00\xff nothing at all"),
            "/html": (200, b"<html><body>Welcome</body></html>"),
            "/custom": (200, submitted("h", -105)),
            "/fatal": (200, submitted("h", -13)),
            "/database": (200, submitted("h", -21)),
        }.get(self.path)
        if wrong:
            self.answer(*wrong)
        return wrong is not None

    def submit(self, request: etree._Element) -> bytes:
        if code := allowed(request):
            return submitted("", code)
        payload = request.find(f"{{{WS}}}submitPayload/{{{WS}}}payloadOfXmlElement")
        if payload is None or len(payload) != 1 or text(request, "requestDataSchema") != "61":
            return submitted("", -4)
        document = etree.tostring(payload[0], with_tail=False)
        mark = sha256(document).hexdigest()
        if mark in KNOWN:
            return submitted("", -11)
        KNOWN.add(mark)
        code, reports = judged(document)
        if self.path == "/partial":
            code = 6
        if self.path not in ("/async", "/forgetful"):
            return submitted(mark[:12], code, reports)
        RESULTS[mark[:12]] = (code, reports)
        return submitted(mark[:12], 0)

    def status(self, request: etree._Element) -> bytes:
        handle = text(request, "requestHandle")
        ASKED[handle] = ASKED.get(handle, 0) + 1
        if code := allowed(request):
            return self.retrieved(handle, code)
        if self.path == "/forgetful":
            KNOWN.clear()
            return self.retrieved(handle, -41)
        if handle not in RESULTS:
            return self.retrieved(handle, -43)
        if ASKED[handle] == 1:
            return self.retrieved(handle, 10)
        return self.retrieved(handle, *RESULTS[handle])

    def retrieved(self, handle: str, code: int, reports: str = "") -> bytes:
        result = f"<retrieveSubmitStatus>{reports}</retrieveSubmitStatus>" if reports else ""
        return enveloped(
            "RetrieveStatus",
            f"<statusCode>{code}</statusCode><requestHandle>{handle}</requestHandle>"
            f"<originalRequestType>SubmitData</originalRequestType>"
            f"<retrieveResult>{result}</retrieveResult>",
        )

    def limit(self, _request: etree._Element) -> bytes:
        return enveloped("QueryLimit", f"<limit>{LIMIT_KB}</limit><statusCode>51</statusCode>")

    def answer(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            return  # the other side has not waited

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    django.setup()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
