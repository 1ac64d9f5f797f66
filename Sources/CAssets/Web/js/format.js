// Numbers, dates and names as people read them.

import { language, t } from "./words.js";

/** Of figures and dates. */
export const locale = language === "ko" ? "ko-KR" : "en-GB";
const dayFormat = (options) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
const long = dayFormat({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const short = dayFormat({ day: "numeric", month: "short", year: "numeric" });
const wall = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const wallDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const whole = new Intl.NumberFormat(locale);

const valid = (iso) => iso && !Number.isNaN(Date.parse(iso));

/** `Thursday, 3 October 2024`; simulated days are days of UTC. */
export const longDay = (iso) => (valid(iso) ? long.format(new Date(iso)).replace(/^(\w+) /, "$1, ") : t`no date`);

const zoned = new Map();

/** A format of dates in a named zone. */
export const inZone = (options, zone) => {
	const key = JSON.stringify([zone, options]);
	if (!zoned.has(key)) {
		try {
			zoned.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
		} catch {
			// A zone that this browser does not know: UTC is the honest rest.
			zoned.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC", timeZoneName: "short" }));
		}
	}
	return zoned.get(key);
};

const day = { day: "numeric", month: "short", year: "numeric" };
const second = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" };

/** `9 Jan 2015, 14:02:11 GMT+9`: a moment in the pipeline's zone, with the zone's name. */
export const zonedTime = (iso, zone) => (valid(iso) ? inZone({ ...day, ...second }, zone).format(new Date(iso)) : "");

/** `14:02:11 GMT+9`, where the day is told beside it. */
export const timeInZone = (iso, zone) => (valid(iso) ? inZone(second, zone).format(new Date(iso)) : "");

/** As short as it can be: without the day when that is today. */
export const momentInZone = (iso, zone) => {
	if (!valid(iso)) return "";
	const [date, dayOf] = [new Date(iso), inZone(day, zone)];
	return dayOf.format(date) === dayOf.format(new Date()) ? timeInZone(iso, zone) : zonedTime(iso, zone);
};

/** How much of a drawing's axis a written day takes, with the room around it. */
export const dateRoom = language === "ko" ? 150 : 130;

/** `3 Oct 2024`, in UTC or in a named zone. */
export const shortDay = (iso, zone = "UTC") => {
	if (!valid(iso)) return t`no date`;
	return (zone === "UTC" ? short : inZone(day, zone)).format(new Date(iso));
};

/** Wall time of the person who looks: `14:02:11`, with the day when it isn't today. */
export const wallTime = (iso) => {
	if (!valid(iso)) return "";
	const date = new Date(iso);
	const today = new Date().toDateString() === date.toDateString();
	return today ? wall.format(date) : `${wallDay.format(date)}, ${wall.format(date)}`;
};

/** Seconds in words: `0.42 s`, `12 s`, `2 min 5 s`, `1 h 3 min`. */
export const duration = (seconds) => {
	if (!(seconds >= 0)) return "";
	if (seconds < 0.0095) return "< 10 ms";
	if (seconds < 9.95) return t`${seconds.toFixed(seconds < 0.995 ? 2 : 1)} s`;
	const rounded = Math.round(seconds);
	if (rounded < 60) return t`${rounded} s`;
	if (rounded < 3600) return t`${Math.floor(rounded / 60)} min ${rounded % 60} s`;
	return t`${Math.floor(rounded / 3600)} h ${Math.floor((rounded % 3600) / 60)} min`;
};

/** `412 bytes`, `3.2 MiB`. */
export const bytes = (value) => {
	if (!(value >= 0)) return "";
	const units = [t`bytes`, "KiB", "MiB", "GiB", "TiB"];
	const step = Math.min(units.length - 1, value < 1024 ? 0 : Math.floor(Math.log2(value) / 10));
	const size = value / 1024 ** step;
	return `${step === 0 || size >= 99.95 ? Math.round(size) : size.toFixed(1)} ${units[step]}`;
};

/** What an attempt of a task used, and what the figures are of. */
export const usage = ({ cpu_seconds: cpu, peak_memory_bytes: peak, read_bytes: read, written_bytes: written, exit_code: code, signal, scope }) =>
	[t`${duration(cpu)} of CPU`, peak > 0 && t`peak ${bytes(peak)}`, read > 0 && t`read ${bytes(read)}`, written > 0 && t`wrote ${bytes(written)}`,
		signal ? t`signal ${signal}` : code !== null && t`exit code ${code}`, scope === "program" && t`of the whole program meanwhile`]
		.filter(Boolean).join(" · ");

export const dayMilliseconds = 864e5;

export const secondsBetween = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;

/** Four significant digits; whole numbers whole. */
export const figure = (value) => {
	if (typeof value !== "number" || !Number.isFinite(value)) return "–";
	if (Number.isInteger(value)) return whole.format(value);
	return Math.abs(value) >= 10000 ? whole.format(Math.round(value)) : value.toPrecision(4);
};

export const count = (value) => (typeof value === "number" ? whole.format(value) : "–");

/** What is counted; other languages put the number elsewhere. */
const counted = {
	rating: (n) => (n === 1 ? t`1 rating` : t`${count(n)} ratings`),
	person: (n) => (n === 1 ? t`1 person` : t`${count(n)} people`),
	film: (n) => (n === 1 ? t`1 film` : t`${count(n)} films`),
	version: (n) => (n === 1 ? t`1 version` : t`${count(n)} versions`),
	alert: (n) => (n === 1 ? t`1 alert` : t`${count(n)} alerts`),
	day: (n) => (n === 1 ? t`1 day` : t`${count(n)} days`),
	run: (n) => (n === 1 ? t`1 run` : t`${count(n)} runs`),
	experiment: (n) => (n === 1 ? t`1 experiment` : t`${count(n)} experiments`),
	answer: (n) => (n === 1 ? t`1 answer` : t`${count(n)} answers`),
	request: (n) => (n === 1 ? t`1 request` : t`${count(n)} requests`),
};

/** `1 rating`, `1,204 ratings`; of what is not in the list above, in English. */
export const plural = (n, one, many = `${one}s`) => counted[one]?.(n) ?? `${count(n)} ${n === 1 ? one : many}`;

/** `ndcg_at_10` reads `ndcg@10`. */
export const metricName = (key) => key.replace(/_at_(\d+)$/, "@$1").replaceAll("_", " ");

const share = (value) => `${Math.round(value * 100)} %`;
const drifts = {
	item_psi: ({ value, limit }) => t`people choose otherwise than before (PSI ${value.toFixed(2)}, limit ${limit.toFixed(2)})`,
	activity_psi: ({ value, limit }) => t`people rate more or less on a day than before (PSI ${value.toFixed(2)}, limit ${limit.toFixed(2)})`,
	rating_shift: ({ value, limit }) => t`the mean of the stars moved by ${value.toFixed(2)} (limit ${limit.toFixed(2)})`,
	new_user_share: ({ value, limit }) => t`${share(value)} of the people are new (limit ${share(limit)})`,
	new_item_share: ({ value, limit }) => t`${share(value)} of the films are new (limit ${share(limit)})`,
};

/** What an alert of the drift says. */
export const alertWords = (alert) => drifts[alert.measure]?.(alert) ?? t`${alert.measure} is ${figure(alert.value)} (limit ${figure(alert.limit)})`;

/** `daily, 9 Jan 2015`; a run by hand has no day of its own: its wall time tells it from others. */
export const runName = (run, zone) =>
	run.cause === "manual"
		? t`${run.pipeline}, by hand at ${momentInZone(run.created_at, zone)}`
		: `${run.pipeline}, ${shortDay(run.logical_date, zone)}`;

/** Half stars as `½`; a mean is rounded to the nearest half. */
export const stars = (rating) => {
	const halves = Math.round(rating * 2);
	return "★".repeat(halves >> 1) + (halves % 2 ? "½" : "");
};
