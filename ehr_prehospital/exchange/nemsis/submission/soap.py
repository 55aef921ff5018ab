"""The messages of the NEMSIS web service: SOAP 1.1, document/literal, NEMSIS_V3_core.wsdl.

Requests out, what an answer says in. No network; answers are read as XML of a stranger.
"""

from dataclasses import dataclass

from lxml import etree

from ehr_prehospital.delivery.rules import Parcel, Remark
from ehr_prehospital.exchange.safe_xml import parse_xml

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WS = "http://ws.nemsis.org/"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
# requestDataSchema of the data set of ambulance services (EMSDataSet).
EMS_SCHEMA = "61"
SCHEMA_VERSION = "3.5.1"
MOST_REMARKS = 500


class NoAnswer(ValueError):
    """A document, but none of the messages of the web service."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says. `code` is the statusCode; of a fault "soap_fault" and its text."""

    code: str
    handle: str = ""
    text: str = ""
    remarks: tuple[Remark, ...] = ()
    limit_kb: int | None = None
    # Of a fault: whether it is the server's own trouble.
    server: bool = False


def headers(operation: str) -> dict[str, str]:
    return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{WS}{operation}"'}


def submit_data(parcel: Parcel) -> bytes:
    """Raises Unreadable where the content is no XML."""
    request = _request("SubmitData", parcel)
    payload = etree.SubElement(_child(request, "submitPayload"), f"{{{WS}}}payloadOfXmlElement")
    payload.append(parse_xml(parcel.content).getroot())
    _child(request, "requestDataSchema", EMS_SCHEMA)
    options = parcel.partner.options
    _child(request, "schemaVersion", options.get("schema_version", SCHEMA_VERSION))
    _child(request, "additionalInfo", options.get("additional_info", ""))
    return _enveloped(request)


def retrieve_status(parcel: Parcel) -> bytes:
    request = _request("RetrieveStatus", parcel)
    _child(request, "requestHandle", parcel.ticket)
    _child(request, "originalRequestType", "SubmitData")
    _child(request, "additionalInfo", parcel.partner.options.get("additional_info", ""))
    return _enveloped(request)


def query_limit(parcel: Parcel) -> bytes:
    return _enveloped(_request("QueryLimit", parcel))


def _request(operation: str, parcel: Parcel) -> etree._Element:
    """The beginning of every request: who asks, for which organisation, and what."""
    request = etree.Element(f"{{{WS}}}{operation}Request", nsmap={"ws": WS})
    known = parcel.partner.credentials
    _child(request, "username", known.get("username", ""))
    _child(request, "password", known.get("password", ""))
    _child(request, "organization", parcel.partner.organisation)
    _child(request, "requestType", operation)
    return request


def _child(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{WS}}}{name}")
    child.text = text
    return child


def _enveloped(request: etree._Element) -> bytes:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(request)
    return etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)


def read(content: bytes) -> Said:
    """Raises Unreadable and NoAnswer."""
    body = parse_xml(content).getroot().find(f"{{{SOAP}}}Body")
    answer = None if body is None else next(body.iterchildren("*"), None)
    if answer is None:
        raise NoAnswer("no SOAP body")
    name = etree.QName(answer)
    if (name.namespace, name.localname) == (SOAP, "Fault"):
        fault = answer.findtext("faultcode") or ""
        text = (answer.findtext("faultstring") or "").strip()
        return Said("soap_fault", text=text, server=fault.rpartition(":")[2] != "Client")
    code = _text(answer, "statusCode")
    if name.namespace != WS or not code.lstrip("-").isdigit():
        raise NoAnswer("no statusCode")
    limit = _text(answer, "limit")
    return Said(
        code,
        handle=_text(answer, "requestHandle"),
        text=" ".join(one.text or "" for one in answer.iter(f"{{{WS}}}serverErrorMessage")),
        remarks=(*_of_schema(answer), *_of_rules(answer))[:MOST_REMARKS],
        limit_kb=int(limit) if limit.isdigit() else None,
    )


def _text(parent: etree._Element, name: str) -> str:
    return (parent.findtext(f"{{{WS}}}{name}") or "").strip()


def _of_schema(answer: etree._Element) -> list[Remark]:
    """What does not fit the schema. The values that the report repeats are left out."""
    found = []
    for error in answer.iter(f"{{{WS}}}xmlError"):
        said = _text(error, "desc")
        more = [one.text or "" for one in error.iter(f"{{{WS}}}errorMessage")]
        found += [Remark("error", text, "xml") for text in more or [said] if not _named(error)]
        found += [Remark("error", said, "xml", where) for where in _named(error)]
    return found


def _named(error: etree._Element) -> list[str]:
    """The elements that a schema error names, with their place where it says one."""
    rows = []
    for one in error.iter(f"{{{WS}}}xmlElementInfo"):
        where = one.find(f"{{{WS}}}elementLocation")
        path = "" if where is None else _text(where, "xpathLocation")
        line = "" if where is None else _text(where, "line")
        rows.append(path or f"{_text(one, 'elementName')}{f' ({line})' if line else ''}")
    return rows


def _of_rules(answer: etree._Element) -> list[Remark]:
    """What the Schematron reports (SVRL) inside the answer say."""
    return [
        Remark(
            "warning" if "WARNING" in one.get("role", "").upper() else "error",
            " ".join("".join(map(str, words.itertext())).split()),
            one.get("id", ""),
            one.get("location", ""),
        )
        for tag in ("failed-assert", "successful-report")
        for one in answer.iter(f"{SVRL}{tag}")
        for words in one.iterchildren(f"{SVRL}text")
    ]
