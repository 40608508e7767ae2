"""
Builds the aiohttp app; the one place where the parts are put together.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator
from functools import partial

import orjson
from aiohttp import web

from bot import __version__, accounts, freshness_notices, registry, retention, transcript, watch
from bot.admin import officers
from bot.admin import pages as office_pages
from bot.admin.guard import guard
from bot.admin.look import Look
from bot.admin.office import Office
from bot.announcements import public_pages
from bot.announcements.assembly import assemble
from bot.announcements.known import Known
from bot.announcements.portal_api import PortalApi
from bot.asking import Asking
from bot.channels.base import Channel
from bot.channels.web.channel import WebChannel
from bot.channels.web.pages import Pages
from bot.channels.web.sites import load
from bot.channels.web.stream import Stream
from bot.conversation import Conversations
from bot.database import Database
from bot.delivery.engine import Engine
from bot.delivery.pacing import Pacer
from bot.delivery.worker import Sender
from bot.dialogue import Dialogue
from bot.fetching import Fetcher
from bot.granting import PATH, Granting
from bot.health import Health
from bot.knowledge_api import KnowledgeApi
from bot.log import log
from bot.messages import InboundMessage
from bot.middleware import add_headers, answer_errors
from bot.migrate import migrate
from bot.phrasing_api import PhrasingApi
from bot.push import News, Push
from bot.reception import Reception
from bot.retention import Terms
from bot.settings import Settings
from bot.speaking import Speaking
from bot.switches import Switches
from bot.transcript import Transcript
from bot.wards import Wards
from bot.webhook import Webhook

MAX_BYTES = 65_536


async def build(settings: Settings) -> web.Application:
    """
    Put the gateway together. Nothing runs before the app starts; its database stands migrated.

    Raises:
        SitesError: The sites file cannot be used.
        AccountsError: The accounts file cannot be used.
    """
    sites = load(settings.sites_file)
    known_accounts = accounts.load(settings.accounts_file)
    database = Database(settings.database)
    await asyncio.to_thread(migrate, database)
    dialogue = Dialogue(settings.rasa_url, timeout_seconds=settings.dialogue_timeout_seconds)
    knowledge = KnowledgeApi(settings.knowledge_url)
    wards, push = Wards(database, knowledge), Push()
    await wards.load()
    health = Health(database, dialogue, knowledge, settings.actions_url)
    phrasing = PhrasingApi(settings.actions_url)
    shown = Transcript(database, push, time.time)
    web_channel = WebChannel(
        shown,
        ward_exists=lambda slug: wards.get(slug) is not None,
        sites=sites,
        trusted_proxies=settings.trusted_proxies,
    )
    connected = registry.connect(known_accounts, database, worker=settings.executor)
    channels: dict[str, Channel] = {web_channel.kind: web_channel, **connected.channels}
    pacer = Pacer()
    sender = Sender(
        database,
        channels,
        pacer=pacer,
        uncertain="hold" if settings.uncertain_replies == "hold" else "resend",
        patience_seconds=settings.send_patience_seconds,
    )
    asking = Asking(
        database,
        dialogue,
        patience_seconds=settings.dialogue_patience_seconds,
        delay_seconds=settings.delay_seconds,
        outage=health.outage,
    )
    conversations = Conversations(
        database,
        asking,
        wards,
        sender,
        channels,
        Switches(database),
        executor=settings.executor,
        burst_seconds=registry.burst_seconds(known_accounts, settings.burst_seconds),
        reception=Reception(database, wards),
        desk_seconds=settings.silence_minutes * 60,
    )
    speaking = Speaking(database, sender, channels, executor=settings.executor)
    engine = Engine(
        database,
        conversations.answer,
        url=settings.dbos_database,
        executor=settings.executor,
        speak=speaking.speak,
    )
    files = Fetcher(database, channels, settings.files, hosts=settings.file_hosts)

    def show_received(message: InboundMessage, news: News) -> None:
        push.tell(message.address, news)

    webhook = Webhook(
        database,
        channels,
        begin=engine.begin,
        on_accept={web_channel.kind: (transcript.add_received, show_received)},
        executor=settings.executor,
        silence_seconds=settings.silence_minutes * 60,
    )
    pages = Pages(wards=wards.all, ward=wards.get, sites=sites)
    granting = Granting(database, connected, pages.plain_page)
    stream = Stream(shown)
    announcements, sending = assemble(
        database,
        channels,
        known_accounts,
        connected,
        wards,
        pacer=pacer,
        executor=settings.executor,
        files=settings.files,
        public_url=settings.public_url,
        quiet_hours=settings.quiet_hours,
        patience_seconds=settings.send_patience_seconds,
    )
    office = Office(
        database,
        knowledge,
        wards,
        sender,
        channels,
        known_accounts,
        connected,
        push,
        Look(),
        public_url=settings.public_url,
        trusted_proxies=settings.trusted_proxies,
        executor=settings.executor,
        begin=engine.begin,
        phrasing=phrasing,
        files=files,
        announcements=announcements,
    )

    portal = PortalApi(database, wards, public_url=settings.public_url, trusted_proxies=settings.trusted_proxies)
    terms = Terms(
        settings.keep_messages_days, settings.keep_questions_days, settings.keep_sign_ins_days, settings.keep_audit_days
    )

    async def run(_app: web.Application) -> AsyncIterator[None]:
        await engine.launch()
        await connected.start()
        tasks = [
            asyncio.create_task(wards.keep_fresh(time.time)),
            asyncio.create_task(watch.keep_watching(database, delay_seconds=settings.delay_seconds)),
            asyncio.create_task(files.keep_fetching()),
            asyncio.create_task(sending.keep_sending()),
            asyncio.create_task(Known(database, knowledge, settings.public_url).keep_told()),
            asyncio.create_task(retention.keep_clean(database, terms)),
            asyncio.create_task(
                freshness_notices.keep_noticing(database, knowledge, lambda: [one.slug for one in wards.all()])
            ),
        ]
        if not database.sqlite:
            tasks.append(asyncio.create_task(push.listen_to_others(database.url)))
        if not await database.read(officers.any_there):
            log.warning("office.empty", advice="make the first administrator: python -m bot admin-link")
        gc.collect()
        # The imported libraries never become garbage; looking through them again stopped everything for 0.2 s.
        gc.freeze()
        log.info("bot.started", version=__version__, host=settings.host, port=settings.port, sites=len(sites),
                 accounts=sum(1 for _ in known_accounts.all()))  # fmt: skip
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await sending.close()
        await announcements.close()
        await engine.close()
        await connected.close()
        for part in (dialogue, knowledge, health, phrasing):
            await part.close()
        database.close()
        log.info("bot.stopped")

    async def close_streams(_app: web.Application) -> None:
        push.close()

    app = web.Application(middlewares=[answer_errors(pages), guard(office)], client_max_size=MAX_BYTES)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(close_streams)
    app.cleanup_ctx.append(run)
    app.add_routes(
        [
            web.get("/healthz", partial(healthz, health)),
            web.post("/hook/{channel}", webhook.post),
            web.post("/hook/{channel}/{account}", webhook.post),
            web.get("/hook/{channel}", webhook.get),
            web.get("/hook/{channel}/{account}", webhook.get),
            web.get(PATH, granting.callback),
            web.get("/api/web/messages", stream.messages),
            web.get("/api/web/events", stream.events),
            *portal.routes(),
            *public_pages.routes(database, wards.get, public_url=settings.public_url, files=settings.files),
            *office_pages.routes(office),
            *pages.routes(),
        ]
    )
    return app


async def healthz(health: Health, _request: web.Request) -> web.Response:
    """
    Answer 200 as long as messages can be accepted; "degraded" when they will have to wait.
    """
    parts = await health.parts()
    works = all(part.ok for part in parts if part.name == "database")
    body = {
        "status": "ok" if all(part.ok for part in parts) else "degraded" if works else "failing",
        "version": __version__,
        "parts": {part.name: "ok" if part.ok else "down" for part in parts},
        "queue": await health.queue() if works else None,
    }
    return web.Response(status=200 if works else 503, body=orjson.dumps(body), content_type="application/json")
