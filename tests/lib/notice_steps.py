"""A notice as a rule officer writes it, through the pages: what is typed, sent, looked at and published."""

import uuid
from datetime import timedelta

from huxin.node.trust.models import Notice
from huxin.node.trust.queries import notices as queries


def typed(world, **other):
    last = world.now.date() + timedelta(days=20)
    fields = {
        "title_zh": "周末加开补种门诊", "title_en": "Catch-up clinic at the weekend",
        "body_zh": "周六 8:00 到 16:00。\r\n带任何证件都行。", "body_en": "Saturday 8:00 to 16:00.\r\nAny document will do.",
        "author_zh": "灯湾卫生服务中心", "author_en": "Lantern Bay Health Centre",
        "source": "灯湾 2026-11 接种安排", "request": str(uuid.uuid4()),
        "expires_year": f"{last:%Y}", "expires_month": f"{last:%m}", "expires_day": f"{last:%d}",
    }  # fmt: skip
    return fields | other


def edit(client, notice, fields):
    """Send the form of an edit, as drawn a moment ago."""
    last = queries.newest(Notice.objects.get(id=notice))
    assert last is not None
    return client.post(f"/notices/{notice}/edit", {"seen": last.written_at.isoformat(), **fields})


def seen_of(notice):
    draft = queries.draft_of(Notice.objects.get(id=notice))
    assert draft is not None
    return draft.written_at.isoformat()


def publish(desk, notice):
    seen = seen_of(notice)
    assert seen in desk.get(f"/notices/{notice}/preview").content.decode()
    fields = {"do": "publish", "seen": seen}
    return desk.post(f"/notices/{notice}/preview", fields, follow=True)


def write(world, desk, **other):
    answer = desk.post("/notices/new", typed(world, **other))
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"].split("/")[2]
