// Today: the clock, the day's pipeline, the quality curve, what is serving, and what happened last.
import { el } from "../dom.js";
import { keepPicture } from "../live.js";
import { t } from "../words.js";
import { mountAttention } from "./attention.js";
import { mountClock } from "./clock.js";
import { mountFlow } from "./flow.js";
import { mountHappened } from "./happened.js";
import { mountQuality } from "./quality.js";
import { mountServing } from "./serving.js";
import { mountTask } from "./task.js";

export const styles = ["/css/today.css"];

const section = (id, title, kind, titleKind) =>
	el("section", { id, class: kind, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title`, class: titleKind }, title));

export const mount = (place) => {
	place.classList.add("today");
	place.append(
		el("h1", { class: "unseen" }, t`Today`),
		section("clock", t`The clock`, "card clock", "unseen"),
		section("attention", t`What needs attention`, "attention", "unseen"),
		section("flow", t`The day's pipeline`, "card"),
		section("quality", t`Quality, day by day`, "card wide"),
		el("div", { class: "stack narrow" }, section("serving", t`Answering now`, "card"), section("happened", t`What happened last`, "card grow")),
	);
	for (const part of [mountClock, mountAttention, mountFlow, mountTask, mountQuality, mountServing, mountHappened]) part();
	keepPicture();
	return () => t`Today`;
};
