// The replay clock: the date, how far the dataset has come, and the controls.
import { announce } from "../announce.js";
import { paths, post } from "../api.js";
import { button, byId, el, problemBox, replace, setAttribute, setText } from "../dom.js";
import { count, longDay, shortDay } from "../format.js";
import { clockIs } from "../live.js";
import { command } from "../parts/command.js";
import { state, watch } from "../store.js";
import { t } from "../words.js";

/** Seconds of wall time per simulated day; 0: as fast as the work allows. */
const speeds = [0, 1, 5, 10, 30, 60];
const speedOption = (seconds) =>
	el("option", { value: seconds }, seconds === 0 ? t`as fast as possible` : seconds % 60 === 0 ? t`${seconds / 60} min a day` : t`${seconds} s a day`);

const phases = { playing: t`playing`, paused: t`paused`, working: t`the day's runs are under way`, finished: t`finished: the end of the replay is reached` };
const phaseOf = ({ state: word }) => phases[word] ?? word;

const fraction = (iso, { first_day: from, last_day: to }) => {
	const [now, start, end] = [iso, from, to].map(Date.parse);
	return end > start ? Math.min(1, Math.max(0, (now - start) / (end - start))) : 0;
};
const percent = (value) => `${(value * 100).toFixed(2)}%`;

export const mountClock = () => {
	const date = el("p", { class: "date" }, "…");
	const phase = el("p", { class: "muted" });
	const again = el("div", { class: "spaced", hidden: true }, el("p", { class: "muted" }, t`Start again from the first day, without the runs and models that were made since:`), command("mlstack replay reset"));
	const refusal = el("div");
	const play = button(t`Play`, "primary", () => order({ action: isMoving() ? "pause" : "play" }));
	const step = button(t`Step one day`, null, () => order({ action: "step", days: 1 }));
	const speed = el("select", { id: "speed" }, speeds.map(speedOption));
	const [past, arrived, untilNext] = [el("span", { class: "past" }), el("span", { class: "arrived" }), el("span", { class: "until" })];
	const bar = el("div", { class: "bar", role: "progressbar", "aria-label": t`Progress through the dataset`, "aria-valuemin": 0, "aria-valuemax": 100 }, past, arrived);
	const dayBar = el("div", { class: "daybar", "aria-hidden": "true" }, untilNext);
	const [facts, scale] = [el("p", { class: "facts" }), el("p", { class: "scale muted" })];
	byId("clock").append(
		el("div", {}, date, phase, el("div", { class: "row" }, play, step, el("label", { class: "field" }, t`Speed`, speed)), again, refusal),
		el("div", { class: "clock-progress" }, facts, bar, scale, dayBar));

	const order = async (body) => {
		replace(refusal);
		try {
			const before = state.replay;
			const replay = await post(paths.replay, body);
			// The stream may have told of a later moment than this answer does.
			if (state.replay === before) clockIs(replay);
			announce(t`The clock: ${phaseOf(replay)}, ${longDay(replay.now)}`);
		} catch (error) {
			replace(refusal, problemBox(error));
		}
	};
	const isMoving = () => ["playing", "working"].includes(state.replay.state);
	speed.addEventListener("change", () => order({ action: "speed", day_length_seconds: Number(speed.value) }));

	let animation = null;
	const drawDay = ({ state: word, day_length_seconds: length, day_progress: done = 0 }) => {
		animation?.cancel();
		untilNext.style.width = percent(done);
		dayBar.hidden = length === 0 || word === "finished";
		if (word !== "playing" || done >= 1 || length === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
		// Drawn by the browser from one event to the next: the stream need not tell every frame.
		animation = untilNext.animate([{ width: percent(done) }, { width: "100%" }], { duration: (1 - done) * length * 1000, fill: "forwards" });
	};

	const drawSpeed = (seconds) => {
		if (document.activeElement === speed) return;
		if (![...speed.options].some(({ value }) => Number(value) === seconds)) speed.append(speedOption(seconds));
		speed.value = String(seconds);
	};

	let drawn;
	/** Why the clock could not be fetched; a refused order is put there by `order` itself. */
	let shownRefusal;
	watch(["replay"], () => {
		const { replay, problems } = state;
		if (problems.replay !== shownRefusal) {
			shownRefusal = problems.replay;
			replace(refusal, shownRefusal && problemBox(shownRefusal));
		}
		for (const control of [play, step, speed]) control.disabled = !replay || (replay.state === "finished" && control !== speed);
		if (!replay || replay === drawn) return;
		drawn = replay;
		setText(date, longDay(replay.now));
		setText(phase, phaseOf(replay));
		again.hidden = replay.state !== "finished";
		setText(play, isMoving() ? t`Pause` : t`Play`);
		drawSpeed(replay.day_length_seconds);
		drawDay(replay);

		const [start, now] = [fraction(replay.start, replay), fraction(replay.now, replay)];
		past.style.width = percent(Math.min(start, now));
		arrived.style.width = percent(Math.max(0, now - start));
		setAttribute(bar, "aria-valuenow", Math.round(now * 100));
		setAttribute(bar, "aria-valuetext", t`${shortDay(replay.now)}, day ${replay.day} of ${replay.days_total}`);
		replace(scale, [shortDay(replay.first_day), t`replayed since ${shortDay(replay.start)}`, replay.until ? t`until ${shortDay(replay.until)}` : shortDay(replay.last_day)].map((text) => el("span", {}, text)));
		replace(facts,
			el("span", {}, el("b", {}, t`day ${count(replay.day)}`), " ", t`of ${count(replay.days_total)} simulated days`),
			el("span", {}, el("b", {}, count(replay.ratings_arrived)), " ", t`of ${count(replay.ratings_total)} ratings have arrived`),
			el("span", { class: "muted" }, t`dataset ${replay.dataset}`));
	});
};
