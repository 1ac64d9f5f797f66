// The queue of events that clients send: what is stored, what waits, which simulated day took up what.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { count, figure, shortDay, wallTime } from "../format.js";
import { command, quoted } from "../parts/command.js";
import { drawFigures, makeFigures } from "../parts/figures.js";
import { makeTable } from "../parts/table.js";
import { poll } from "../poll.js";
import { t } from "../words.js";

const pollMilliseconds = 2000;
/** Over how many answers the rate is taken. */
const rateSpan = 6;

const columns = [
	{ key: "date", label: t`Simulated day`, cell: ({ date }) => shortDay(date) },
	{ key: "events", label: t`Events`, kind: "number", cell: ({ events }) => count(events) },
	{ key: "closed_at", label: t`Closed at`, cell: ({ closed_at: at }) => wallTime(at) },
];

const example = () => `curl -X POST ${location.origin}/api/v1/feedback -H 'content-type: application/json' -d '{"user":"42","item":"1","rating":4.5}'`;

export const mountEvents = (node) => {
	const problem = el("div");
	const figures = makeFigures();
	const note = el("p", { class: "muted" });
	const nothing = el("div");
	const table = makeTable({ caption: t`Days that took up events`, rowKey: ({ date }) => date });
	const home = el("div");
	const taken = el("div", { class: "taken" }, table.node);
	node.append(problem,
		el("section", { class: "card", "aria-labelledby": "queue-title" }, el("h2", { id: "queue-title" }, t`The queue`), figures, note),
		el("section", { class: "card", "aria-labelledby": "taken-title" }, el("h2", { id: "taken-title" }, t`Days that took up events`),
			el("p", { class: "muted" }, t`A simulated day takes up everything that waits when its run begins; what comes later waits for the next.`), nothing, taken),
		el("section", { class: "card", "aria-labelledby": "send-title" }, el("h2", { id: "send-title" }, t`Send events`),
			el("p", { class: "muted" }, t`One event, answered when it is on the disk:`), command(example()),
			el("p", { class: "muted spaced" }, t`A stream of them, one JSON object a line on standard input; lines that are no events are put aside:`), home));

	/** `{at, accepted}` of the latest answers. */
	let past = [];
	const rate = (accepted) => {
		const last = past.at(-1);
		if (last && accepted < last.accepted) past = [];
		past = [...past, { at: performance.now(), accepted }].slice(-rateSpan);
		const seconds = (past.at(-1).at - past[0].at) / 1000;
		return seconds > 0 ? (accepted - past[0].accepted) / seconds : null;
	};

	const draw = (queue) => {
		const perSecond = rate(queue.accepted);
		drawFigures(figures, [
			[t`Waiting for a simulated day`, count(queue.waiting)],
			[t`Stored in all`, count(queue.stored), queue.last_received_at ? t`last at ${wallTime(queue.last_received_at)}` : t`none yet`],
			[t`Arriving`, perSecond === null ? "–" : t`${figure(perSecond)} a second`, perSecond === null ? t`being counted` : t`over the last ${Math.round((past.at(-1).at - past[0].at) / 1000)} s`],
			[t`Accepted since the start`, count(queue.accepted), t`${count(queue.duplicates)} sent twice`],
			[t`Being written now`, count(queue.arriving), t`of at most ${count(queue.arriving_limit)}`],
			[t`Closed days`, count(queue.closed_days)],
		]);
		note.textContent = queue.waiting > 0 ? t`What waits is seen by recommendations at once; the next simulated day learns it.` : t`Nothing waits: every event belongs to a simulated day.`;
		replace(nothing, queue.days.length === 0 && emptyState(t`No day has taken up an event yet.`, t`Send one with the command below, then step the clock by one day.`));
		table.node.hidden = queue.days.length === 0;
		table.set({ columns, rows: queue.days });
	};

	const ask = poll(node, pollMilliseconds, async () => {
		try {
			draw(await getJSON(paths.feedback));
			replace(problem);
		} catch (error) {
			replace(problem, problemBox(error));
		}
	});
	getJSON(paths.status).then(({ home: folder }) => replace(home, command(`mlstack data import --follow --home ${quoted(folder)} < events.ndjson`)), () => {});
	return ask;
};
