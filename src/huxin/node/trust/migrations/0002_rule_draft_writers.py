from typing import Any

from django.db import migrations, models
from django.db.models.functions import Cast, Replace, StrIndex
from django.db.models.lookups import Exact


def note_writers(apps: Any, schema_editor: Any) -> None:
    """Say of drafts that are still open who wrote them: who began them, and whoever the trail names."""
    entries = apps.get_model("base", "AuditEntry").objects.filter(action="rule-draft-written")
    for draft in apps.get_model("trust", "RuleDraft").objects.filter(state__in=("draft", "waiting")):
        wrote = entries.filter(object=f"trust.ruledraft:{draft.id}").values_list("actor", flat=True)
        everybody = dict.fromkeys([draft.made_by, draft.written_by, *filter(None, wrote)])
        draft.writers = " ".join(one.hex for one in everybody)
        # Who sent an open draft back stands in the trail; it is decided anew.
        draft.decided_by = draft.decided_at = None
        draft.save(update_fields=["writers", "decided_by", "decided_at"])


class Migration(migrations.Migration):

    dependencies = [
        ("base", "0001_initial"),
        ("trust", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="ruledraft",
            name="writers",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(note_writers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    Exact(
                        StrIndex(
                            models.F("writers"),
                            Replace(
                                Cast(models.F("decided_by"), models.TextField()),
                                models.Value("-"),
                                models.Value(""),
                            ),
                        ),
                        0,
                    ),
                    _connector="OR",
                ),
                name="trust_rule_no_writer_decides",
            ),
        ),
    ]
