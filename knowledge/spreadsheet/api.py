"""
The routes of files: /office/export and /office/import. See docs/api.md.
"""

from aiohttp import web

from knowledge.errors import ImportTooLarge, RequestError
from knowledge.office.api import by_in, json_of, text_in, ward_in
from knowledge.office.checks import EntryRefused
from knowledge.office.office import refused
from knowledge.spreadsheet import opening
from knowledge.spreadsheet.exchange import Exchange

EXCHANGE = web.AppKey("exchange", Exchange)
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "application/zip"}


def routes() -> list[web.RouteDef]:
    return [web.get("/office/export", get_export), web.post("/office/import", post_import)]


async def get_export(request: web.Request) -> web.Response:
    """
    GET /office/export?ward=&format=xlsx|csv → the file.
    """
    form = request.query.get("format", "xlsx")
    if form not in TYPES:
        raise RequestError(f"no format {form[:20]!r}", {"format": ", ".join(TYPES)})
    return web.Response(body=await request.app[EXCHANGE].export(ward_in(request), form), content_type=TYPES[form])


async def post_import(request: web.Request) -> web.Response:
    """
    POST /office/import?ward=&dry=1 (the file) → {added, changed, removed, kept, mistakes, digest}; with dry=0&digest=&by= it is
    written.
    """
    ward, query = ward_in(request), request.query
    if query.get("dry") not in ("0", "1"):
        raise RequestError("dry must be 1 to try a file, 0 to write it", {"dry": "0 or 1"})
    said = {name: query.get(name, "") for name in ("digest", "by")}
    try:
        # Only files may be this large; everything else is held to the limit of the whole service.
        content = await request.clone(client_max_size=opening.MOST_BYTES).read()
    except web.HTTPRequestEntityTooLarge as error:
        raise ImportTooLarge(opening.TOO_LARGE) from error
    exchange = request.app[EXCHANGE]
    if query["dry"] == "1":
        return json_of(await exchange.attempt(ward, content))
    try:
        return json_of(await exchange.write(ward, content, text_in(said, "digest"), by=by_in(said)))
    except EntryRefused as error:
        message = "an entry would make the content invalid"
        return json_of({"code": error.code, "message": message, "fields": {"mistakes": refused(error)}}, 422)
