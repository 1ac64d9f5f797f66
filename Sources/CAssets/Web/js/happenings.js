// What happened, in words. At full speed like joins like: one line that counts instead of many that run by.
import { announce } from "./announce.js";
import { alertWords, duration, figure, metricName, runName, secondsBetween, shortDay } from "./format.js";
import { to } from "./router.js";
import { state, touch, zoneOf } from "./store.js";
import { t } from "./words.js";

const kept = 8;
/** Two of a kind closer than this become one line. */
const mergeMilliseconds = 3000;

const speed = (seconds) => (seconds === 0 ? t`as fast as the work allows` : t`one day is ${duration(seconds)}`);

/** `{state, text(times), key?, run?, href?, aloud?}`, or null for what is no news. Lines of one key may be joined. */
const sentences = {
	run(run) {
		const zone = zoneOf(run.pipeline);
		const name = runName(run, zone);
		const what = { failed: t`${name} failed`, cancelled: t`${name} was cancelled` }[run.state];
		if (what) return { state: run.state, text: () => `${what}${run.message ? `: ${run.message}` : ""}`, run, aloud: true };
		// A run that another started is told of by what it did.
		if (run.state !== "success" || run.cause === "pipeline") return null;
		const once = run.started_at ? t`${name} succeeded in ${duration(secondsBetween(run.started_at, run.ended_at))}` : t`${name} succeeded`;
		const text = (n) => (n > 1 ? t`${run.pipeline} succeeded ${n} times, last for ${shortDay(run.logical_date, zone)}` : once);
		return { key: `success ${run.pipeline}`, state: "success", text };
	},
	model({ name, version, alias, previous_version: before }) {
		if (!version) return { state: "removed", text: () => t`Nothing is ${alias} of ${name} any more`, aloud: true };
		const text = (n) => (n > 1 ? t`Version ${version} of ${name} is now ${alias}, after ${n} changes`
			: before ? t`Version ${version} of ${name} is now ${alias} (before: ${before})` : t`Version ${version} of ${name} is now ${alias}`);
		return { key: `model ${name} ${alias}`, state: "promoted", text, href: to("models", name), aloud: true };
	},
	clock({ former, replay }) {
		const line = (sentence) => ({ key: sentence, state: "clock", text: () => sentence, aloud: true });
		if (replay.now < former.now) return line(t`The clock went back to ${shortDay(replay.now)}`);
		if (replay.state === "finished" && former.state !== "finished") return line(t`The replay has reached its end`);
		if (replay.day_length_seconds !== former.day_length_seconds) return line(t`The clock's speed: ${speed(replay.day_length_seconds)}`);
		if (replay.state === "paused" && former.state !== "paused") return line(t`The clock is paused`);
		if (replay.state === "playing" && former.state === "paused") return line(t`The clock plays: ${speed(replay.day_length_seconds)}`);
		return null;
	},
	refusal({ name, version, alias, reason }) {
		const text = (n) => (n > 1 ? t`${n} versions of ${name} did not become ${alias}, last ${version}: ${reason}` : t`Version ${version} of ${name} does not become ${alias}: ${reason}`);
		return { key: `refusal ${name} ${alias}`, state: "skipped", text };
	},
	drift({ date, alerts }) {
		if (alerts.length === 0) return null;
		const what = alerts.map(alertWords).join("; ");
		const text = (n) => (n > 1 ? t`The data moved on ${n} days, last ${shortDay(date)}: ${what}` : t`The data moved on ${shortDay(date)}: ${what}`);
		return { key: "drift", state: "up_for_retry", text, href: to("data", "drift"), aloud: true };
	},
	quality(point) {
		if (typeof point.production !== "number") return null;
		const own = `${metricName(state.quality?.metric ?? "ndcg_at_10")} ${figure(point.production)}`;
		const result = typeof point.popularity === "number" ? t`${own} against ${figure(point.popularity)} of popularity` : own;
		const text = (n) => (n > 1 ? t`${n} days tested, last ${shortDay(point.date)}: ${result}` : t`${shortDay(point.date)} tested: ${result}`);
		return { key: "quality", state: "tested", text };
	},
};

let serial = 0;

const put = (line, milliseconds) => {
	const like = line.key && state.happened.slice(0, 5).find((each) => each.key === line.key);
	if (like && Math.abs(milliseconds - like.at) < mergeMilliseconds) {
		Object.assign(like, { text: line.text, times: like.times + 1, at: milliseconds });
		return;
	}
	serial += 1;
	state.happened = [{ ...line, id: serial, times: 1, at: milliseconds }, ...state.happened].slice(0, kept);
};

/** An event of the stream. */
export const happen = (type, data) => {
	const line = sentences[type](data);
	if (!line) return;
	put(line, Date.now());
	if (line.aloud) announce(line.text(1));
	touch("happened");
};

/** What happened before this page was opened: `[{type, data, at}]` from the API's answers. */
export const seedHappened = (past) => {
	const since = state.happened;
	state.happened = [];
	for (const { type, data, at } of past.sort((a, b) => (a.at < b.at ? -1 : 1))) {
		const line = sentences[type](data);
		if (line) put(line, Date.parse(at));
	}
	state.happened = [...since, ...state.happened].slice(0, kept);
	touch("happened");
};
