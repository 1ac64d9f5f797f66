// A year of days by what their runs came to, in the pipeline's zone.
import { getJSON, paths } from "../api.js";
import { el, emptyState, problemBox, replace } from "../dom.js";
import { locale } from "../format.js";
import { to } from "../router.js";
import { glyph, stateWord } from "../states.js";
import { throttled } from "../store.js";
import { t } from "../words.js";

const monthName = new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" });
const dayName = new Intl.DateTimeFormat(locale, { weekday: "narrow", timeZone: "UTC" });
const fullDay = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" });
/** Weeks begin with Monday. */
const column = (date) => (date.getUTCDay() + 6) % 7;

/** The worst that happened, then what is still open. */
const worst = (day) => ["failed", "running", "queued", "cancelled", "success"].find((state) => day[state] > 0);
const counts = (day) => ["failed", "running", "queued", "cancelled", "success"].filter((state) => day[state] > 0).map((state) => `${stateWord(state)}: ${day[state]}`).join(", ");

export const mountCalendar = (place) => {
	let context = null;
	let answer = null;
	const head = el("div", { class: "row between" });
	const body = el("div", { class: "months" });
	const message = el("div");
	place.append(el("div", { class: "card" }, head, message, body));

	const dayCell = (date, day) => {
		const label = `${fullDay.format(date)}: ${day ? counts(day) : t`no run`}`;
		const number = String(date.getUTCDate());
		const node = day ? el("a", { class: "day", href: to("pipelines", context.id, "runs", day.run), title: label, "aria-label": label }, glyph(worst(day), 20))
			: el("span", { class: "day none", title: label }, number);
		if (date.getUTCDate() === 1) node.style.gridColumnStart = column(date) + 1;
		return node;
	};

	const month = (year, number, days) => {
		const first = new Date(Date.UTC(year, number, 1));
		const length = new Date(Date.UTC(year, number + 1, 0)).getUTCDate();
		const dates = Array.from({ length }, (_, n) => new Date(Date.UTC(year, number, n + 1)));
		return el("section", { class: "month", "aria-label": monthName.format(first) }, el("h3", {}, monthName.format(first)),
			el("div", { class: "days" }, Array.from({ length: 7 }, (_, n) => el("span", { class: "muted weekday", "aria-hidden": "true" }, dayName.format(new Date(Date.UTC(2024, 0, n + 1))))),
				dates.map((date) => dayCell(date, days.get(date.toISOString().slice(0, 10))))));
	};

	const draw = () => {
		const { year, days, timezone } = answer;
		const byDate = new Map(days.map((day) => [day.date, day]));
		const total = (state) => days.reduce((sum, day) => sum + day[state], 0);
		replace(head, el("h2", {}, String(year)), el("p", { class: "muted" }, [...["success", "failed", "cancelled"].filter((state) => total(state) > 0).map((state) => `${stateWord(state)}: ${total(state)}`), t`days of ${timezone}`].join(" · ")),
			el("div", { class: "row" }, el("a", { href: context.href("calendar", { year: year - 1 }) }, `← ${year - 1}`), el("a", { href: context.href("calendar", { year: year + 1 }) }, `${year + 1} →`)));
		replace(message, days.length === 0 && emptyState(t`No run of ${year}.`, t`Choose another year.`));
		// Of an empty half year nothing is to be seen.
		const used = days.map(({ date }) => Number(date.slice(5, 7)) - 1);
		const [from, until] = used.length > 0 ? [Math.min(...used), Math.max(...used)] : [0, -1];
		replace(body, Array.from({ length: 12 }, (_, n) => n).filter((n) => n >= from && n <= until).map((n) => month(year, n, byDate)));
	};

	const load = throttled(1500, async () => {
		const mine = context;
		try {
			const found = await getJSON(paths.calendar(mine.id, mine.query.get("year")));
			if (mine !== context) return load();
			answer = found;
			draw();
		} catch (error) {
			replace(message, problemBox(error));
		}
	});

	return {
		show(next) {
			const isSame = context?.id === next.id;
			context = next;
			if (!isSame) {
				replace(head);
				replace(body);
				replace(message, el("p", { class: "muted" }, t`reading…`));
			}
			load();
		},
		hear: (type, run) => (type === "gap" || (type === "run" && run.ended_at)) && load(),
	};
};
