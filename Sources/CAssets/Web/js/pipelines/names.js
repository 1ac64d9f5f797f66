// What pipelines, runs and their causes are called.
import { el } from "../dom.js";
import { inZone, momentInZone } from "../format.js";
import { schedules } from "../parts/schedules.js";
import { language, t } from "../words.js";

const day = { day: "numeric", month: "short", year: "numeric" };
const minute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** `9 Jan 2015`, with the time when it isn't midnight in the zone. */
export const moment = (iso, zone) => {
	if (!iso) return "";
	const date = new Date(iso);
	const isMidnight = date.getTime() % 60_000 === 0 && /^(00|24):00$/.test(inZone(minute, zone).format(date));
	const written = inZone(day, zone).format(date);
	return isMidnight ? written : `${written} ${inZone(minute, zone).format(date)}`;
};

/** `9, 10, 12 Jan 2015 14:02`: moments in a row; what they share stands once, at the end in English, at the beginning in Korean. */
const moments = (isos, zone) => {
	const isFirstWhole = language === "ko";
	const whole = isFirstWhole ? isos[0] : isos.at(-1);
	const same = (options) => isos.every((iso) => inZone(options, zone).format(new Date(iso)) === inZone(options, zone).format(new Date(whole)));
	if (isos.length < 2 || !same(minute)) return isos.map((iso) => moment(iso, zone)).join(", ");
	const [isOneMonth, isOneYear] = [same({ month: "short", year: "numeric" }), same({ year: "numeric" })];
	const short = isOneMonth ? { day: "numeric" } : isOneYear ? { day: "numeric", month: "short" } : day;
	const days = isos.map((iso) => inZone(iso === whole ? day : short, zone).format(new Date(iso))).join(", ");
	const time = moment(whole, zone).slice(inZone(day, zone).format(new Date(whole)).length);
	return days + time;
};

/** `9 Jan 2015`; a run by hand has no day of its own: its wall time tells it from others. */
export const runLabel = (run, zone) => (run.cause === "manual" ? t`by hand at ${momentInZone(run.created_at, zone)}` : moment(run.logical_date, zone));

export const causes = {
	schedule: t`by its schedule`, manual: t`by hand`, pipeline: t`by another pipeline`, dataset: t`by new data`, webhook: t`by a webhook`,
	backfill: t`by a backfill`, after: t`after another pipeline`,
};

/** The schedule in words and the next firings, as lines. */
export const scheduleLines = (pipeline) => {
	const lines = schedules(pipeline);
	if (pipeline.problems.length > 0 && !pipeline.version) return [];
	const next = pipeline.next.slice(0, 3).map(({ at }) => at);
	const when = pipeline.paused ? t`paused` : next.length > 0 ? t`next: ${moments(next, pipeline.timezone)}` : null;
	return [
		el("div", {}, lines.length > 0 ? lines.join("; ") : t`no schedule of its own`),
		lines.length > 0 && el("div", { class: "muted" }, [when, pipeline.timezone].filter(Boolean).join(" · ")),
	];
};

/** The file's name alone; the folder is the same for all. */
export const fileName = (path) => path.split("/").at(-1);

/** `daily.yaml:7:5   E301 …` → `{line, text}`. */
export const problemParts = (text, path) => {
	const short = path && text.startsWith(path) ? fileName(path) + text.slice(path.length) : text;
	const line = /^[^\s:]+:(\d+):\d+/.exec(short)?.[1];
	return { line, text: short.replace(/\s{2,}/, "  ") };
};
