// What people ordered of a pipeline and its runs, newest first.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { zonedTime } from "../format.js";
import { to } from "../router.js";
import { throttled } from "../store.js";
import { t } from "../words.js";

const actions = {
	start: t`started a run`, cancel: t`cancelled`, clear: t`cleared`, pause: t`paused`, resume: t`resumed`, backfill: t`backfill`, apply: t`changed the file`,
	mark_success: t`marked success`, mark_failed: t`marked failed`,
};
const actors = { page: t`this page`, cli: t`the command line`, api: t`the API` };

export const mountAudit = (place) => {
	let context = null;
	const body = el("tbody");
	const message = el("div");
	const table = el("div", { class: "scroll" }, el("table", {}, el("caption", { class: "unseen" }, t`Orders, newest first`),
		el("thead", {}, el("tr", {}, [t`when`, t`who`, t`what`, t`run`, t`in words`].map((name) => el("th", { scope: "col" }, name)))), body));
	place.append(el("div", { class: "card" }, message, table));

	const load = throttled(1000, async () => {
		const mine = context;
		try {
			const { entries } = await getJSON(paths.audit(mine.id));
			if (mine.id !== context.id) return;
			table.hidden = entries.length === 0;
			replace(message, entries.length === 0 && emptyState(t`Nobody has ordered anything of it.`, t`Starts, pauses, clears and marks by hand will stand here.`));
			replace(body, entries.map((entry) => el("tr", {}, el("td", { class: "day" }, zonedTime(entry.at, mine.detail.timezone)), el("td", {}, actors[entry.actor] ?? entry.actor), el("td", {}, actions[entry.action] ?? entry.action),
				el("td", {}, entry.run && el("a", { href: to("pipelines", mine.id, "runs", entry.run) + (entry.task ? `?task=${encodeURIComponent(entry.task)}` : "") }, entry.run)), el("td", { class: "message" }, entry.detail))));
		} catch (error) {
			replace(message, problemBox(error));
		}
	});

	return {
		show(next) {
			if (context?.id !== next.id) {
				table.hidden = true;
				replace(message, el("p", { class: "muted" }, t`reading…`));
			}
			context = next;
			load();
		},
		hear: (type) => (type === "gap" || type === "run") && load(),
	};
};
