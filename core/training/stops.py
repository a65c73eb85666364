"""When a run ends before its last epoch, and what is said then. No torch."""

from __future__ import annotations

import math

from core.config import RunConfig
from core.i18n import N_
from core.training.events import Ended
from core.training.schedules import Stall

DIVERGED_AT = 1e4  # times the first loss; Adam can run away for long before a float overflows


class StopRules:
    """Looks at every number of a run; the settings may change on the way, so each look gets the present ones."""

    def __init__(self) -> None:
        self.bound = math.inf
        self.stall = Stall()

    def after_step(self, config: RunConfig, step: int, loss: float | None, rate: float, seconds: float) -> Ended | None:
        """Divergence and the time limit; ``loss`` is not always recorded."""
        if self.bound == math.inf and loss is not None:
            self.bound = DIVERGED_AT * max(loss, 1.0)
        if loss is not None and (not math.isfinite(loss) or loss > self.bound):
            return diverged(config, step, loss, rate)
        if config.stop.seconds and seconds >= config.stop.seconds:
            reason = N_(
                "Its time limit of {seconds} s was reached at step {step}. To get further in that time, take larger batches or a smaller network; or raise the limit."
            )
            return Ended("finished", step, reason, {"seconds": config.stop.seconds, "step": step})
        return None

    def after_epoch(
        self, config: RunConfig, step: int, epoch: int, values: dict[str, float], seconds: float
    ) -> Ended | None:
        """Target and stall, by the validation that has just been made."""
        self.stall.see(values["loss"], epoch)
        # not the number of validations, for some tasks leave epochs out
        stalled, target = epoch - self.stall.best_epoch, config.stop.target_accuracy
        if target and values.get("accuracy", -1.0) >= target:
            reason = N_(
                "Reached {accuracy:.2%} validation accuracy after {step:,} steps and {seconds:.1f} s; the target was {target:.4g} %. To go on, raise the target and train again."
            )
            said = {"accuracy": values["accuracy"], "step": step, "seconds": seconds, "target": 100 * target}
            return Ended("finished", step, reason, said)
        if config.stop.target_loss and values["loss"] <= config.stop.target_loss:
            reason = N_(
                "Reached a validation loss of {loss:.4g} after {step:,} steps and {seconds:.1f} s; the target was {target:.4g}. To go on, lower the target and train again."
            )
            said = {"loss": values["loss"], "step": step, "seconds": seconds, "target": config.stop.target_loss}
            return Ended("finished", step, reason, said)
        if config.stop.patience and stalled >= config.stop.patience:
            reason = N_(
                "The validation loss has not fallen for {epochs} epochs; its lowest was {best:.4g} in epoch {epoch}. A smaller learning rate, a schedule, or dropout against learning by heart may get further."
            )
            return Ended(
                "finished", step, reason, {"epochs": stalled, "best": self.stall.best, "epoch": self.stall.best_epoch}
            )
        return None


def diverged(config: RunConfig, step: int, loss: float, rate: float) -> Ended:
    """The loss ran away: what it became, the likely cause, what to try."""
    became = f"{loss:.3g}" if math.isfinite(loss) else N_("infinite") if math.isinf(loss) else N_("not a number")
    if getattr(getattr(config, "model", None), "initialization", "") == "large":
        reason = N_(
            "Diverged at step {step}: the loss became {loss}. The initial weights are far too large; choose He (Kaiming) or PyTorch's own."
        )
        return Ended("diverged", step, reason, {"step": step, "loss": became})
    reason = N_(
        "Diverged at step {step}: the loss became {loss}. The learning rate {rate:g} is too large for this network; try {better:g}."
    )
    return Ended("diverged", step, reason, {"step": step, "loss": became, "rate": rate, "better": min(rate / 10, 0.01)})
