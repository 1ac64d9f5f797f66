// Runs of a stretch of the schedule: how many that would be is said before any is made.
import { paths, post } from "../api.js";
import { confirmFirst } from "../dialog.js";
import { button, el, emptyState, problemBox, replace } from "../dom.js";
import { go } from "../router.js";
import { t } from "../words.js";
import { moment } from "./names.js";

export const mountBackfill = (place) => {
	let context = null;
	const field = (id, label) => {
		const input = el("input", { type: "text", id, placeholder: "2015-01-09", autocomplete: "off", size: 18, oninput: () => replace(answer) });
		return { input, node: el("label", { class: "field" }, label, input) };
	};
	const [from, to] = [field("backfill-from", t`from`), field("backfill-to", t`up to and including`)];
	const answer = el("div", { role: "status" });
	const ask = el("button", { type: "submit" }, t`Count the runs`);
	const zone = el("p", { class: "muted" });
	const form = el("form", { class: "row" }, from.node, to.node, ask);
	const nothing = el("div");
	place.append(el("div", { class: "card form" }, el("p", {}, t`Makes the runs that the schedule would have made in a stretch of time, oldest first. Firings that have a run already are left alone.`), zone, nothing, form, answer));

	/** A day at the end means all of it; to the server it is its midnight. */
	const wholeDay = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T23:59:59` : text);
	const stretch = () => ({ from: from.input.value.trim(), to: wholeDay(to.input.value.trim()) });

	const make = (found, asked) =>
		confirmFirst({
			title: found.dates.length === 1 ? t`Make 1 run?` : t`Make ${found.dates.length} runs?`,
			consequences: [
				t`They are made now, from ${moment(found.dates[0], context.detail.timezone)} to ${moment(found.dates.at(-1), context.detail.timezone)}, and run oldest first.`,
				t`As many run at once as the file allows (max_active_runs); the rest wait.`,
			],
			verb: t`Make them`,
			async act() {
				await post(paths.backfill(context.id), asked);
				go(context.href("grid"));
			},
		});

	const show = (found, asked) => {
		const zone = context.detail.timezone;
		const some = found.dates.length > 12 ? [...found.dates.slice(0, 6), null, ...found.dates.slice(-5)] : found.dates;
		const { length } = found.dates;
		replace(answer, el("p", { class: "big" }, length === 1 ? t`1 run would be made` : t`${length} runs would be made`),
			el("p", { class: "muted" }, t`${found.existing} exist already and stay as they are.`),
			el("ul", { class: "row dates" }, some.map((date) => el("li", {}, date === null ? "…" : moment(date, zone)))),
			length > 0 && button(length === 1 ? t`Make 1 run` : t`Make ${length} runs`, "primary", () => make(found, asked)));
	};

	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		const asked = stretch();
		ask.disabled = true;
		try {
			show(await post(paths.backfill(context.id), { ...asked, dry_run: true }), asked);
		} catch (error) {
			replace(answer, problemBox(error));
		} finally {
			ask.disabled = false;
		}
	});

	return {
		show(next) {
			if (context?.id !== next.id) replace(answer);
			context = next;
			replace(zone, t`Dates are in ${next.detail.timezone}.`);
			const isTimed = (next.detail.triggers ?? next.detail.next).some(({ clock }) => clock);
			form.hidden = !isTimed;
			replace(nothing, !isTimed && emptyState(t`This pipeline has no schedule, so there is nothing to fill in.`, t`Start single runs with Run now.`));
		},
	};
};
