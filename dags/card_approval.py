"""The tasks that mail cards; where the book asks for it, each after a second person approved its card.

They decide in Airflow's own pages ("Required Actions") or by its REST.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import scorecard_run as run
from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk import Param, TaskGroup, task_group
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import TaskAwaitingInput
from scorecard_schedule import SECTION, asks_for_approval

if TYPE_CHECKING:
    from airflow.sdk import Context

DELIVERY: dict[str, Any] = {
    "group_id": "delivery",
    "prefix_group_id": False,
    "group_display_name": "Delivery",
}

PATIENCE = timedelta(hours=conf.getint(SECTION, "approval_hours", fallback=120))
"""After it a card that nobody decided on makes its task, and so the run, fail. Clear it to ask again."""

# what it calls itself is not shown before it is at its end
NAME = "{{ named | default(name_of_task([task.planned], {'issue': task.issue}, ti.map_index)) }}"
REASON = Param("", type="string", title="Reason", description_md="Why, if you reject it.")


class CardApproval(ApprovalOperator):  # type: ignore[misc]
    """Asks those who may approve a card, and enters the answer into the ledger in the answerer's name.

    Asks nobody about a card that need not or cannot be decided on. After a rejection the task that mails the
    card says so, and why; Airflow's own operator would skip it, and the run would be a success.
    """

    template_fields = ("planned", "issue")

    def __init__(self, *, planned: Any, issue: Any, **kwargs: Any) -> None:
        super().__init__(subject="May this card be sent?", response_timeout=PATIENCE, **kwargs)
        self.planned, self.issue = planned, issue

    def execute(self, context: Context) -> None:
        """Ask, and leave the worker until somebody answers."""
        # who may decide is told by mail, too
        with run.open_site(self.planned, mailing=True) as (site, _):
            asked = run.question(site, self.issue)
        if asked is None:
            return
        self.subject, self.body, self.assigned_users = asked.subject, asked.body, asked.users
        try:
            super().execute(context)
        except TaskAwaitingInput as parked:
            # the answer is for these bytes, whatever the ledger has under this number by then
            parked.kwargs = {"content_hash": asked.content_hash}
            raise

    def execute_complete(self, context: Context, event: dict[str, Any], content_hash: str = "") -> None:
        """Enter the answer, or fail because nobody gave one in time."""
        if "error" in event:
            with run.open_site(self.planned) as (site, _):
                run.refuse_undecided(site, self.issue)
            return
        answer = HITLOperator.execute_complete(self, context=context, event=event)
        reason = answer["params_input"].get("reason") or "no reason given in Airflow"
        rejected = None if answer["chosen_options"] == [self.APPROVE] else reason
        user = (answer["responded_by_user"] or {}).get("id", "nobody")
        with run.open_site(self.planned) as (site, _):
            run.enter_answer(site, self.issue, content_hash, user=user, rejected=rejected)


def delivered(deliver: Any, planned: Any, issues: Any) -> Any:
    """Mail each of the issues; a card that waits for its approval keeps no other one."""
    if not asks_for_approval():
        with TaskGroup(**DELIVERY):
            return deliver.partial(planned=planned).expand(issue=issues)

    @task_group(**DELIVERY)
    def delivery(planned: Any, issue: Any) -> None:
        asked = CardApproval(
            task_id="approve",
            planned=planned,
            issue=issue,
            params={"reason": REASON},
            map_index_template=NAME,
            doc_md="Ask who may approve the card, and is not its manager, whether it may be sent.",
        )
        asked >> deliver(planned, issue)

    return delivery.partial(planned=planned).expand(issue=issues)
