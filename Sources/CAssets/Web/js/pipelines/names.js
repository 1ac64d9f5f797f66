// What pipelines, runs and their causes are called.
import { el } from "../dom.js";
import { wallTime } from "../format.js";
import { language, t } from "../words.js";

const locale = language === "ko" ? "ko-KR" : "en-GB";
const day = { day: "numeric", month: "short", year: "numeric" };
const minute = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const formats = new Map();

const format = (options, zone) => {
	const key = `${zone} ${Object.keys(options)}`;
	if (!formats.has(key)) {
		try {
			formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
		} catch {
			// A zone that this browser does not know: UTC is the honest rest.
			formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC", timeZoneName: "short" }));
		}
	}
	return formats.get(key);
};

/** `9 Jan 2015`, with the time when it isn't midnight in the zone. */
export const moment = (iso, zone) => {
	if (!iso) return "";
	const date = new Date(iso);
	const isMidnight = date.getTime() % 60_000 === 0 && /^(00|24):00$/.test(format(minute, zone).format(date));
	const written = format(day, zone).format(date);
	return isMidnight ? written : `${written} ${format(minute, zone).format(date)}`;
};

/** `9 Jan 2015, 14:02 GMT+9`: a moment in the pipeline's zone, with the zone's name. */
export const zonedTime = (iso, zone) => (iso ? format({ ...day, ...minute, second: "2-digit", timeZoneName: "short" }, zone).format(new Date(iso)) : "");

/** `9 Jan 2015`; a run by hand has no day of its own: its wall time tells it from others. */
export const runLabel = (run, zone) => (run.cause === "manual" ? t`by hand at ${wallTime(run.created_at)}` : moment(run.logical_date, zone));

export const causes = {
	schedule: t`by its schedule`, manual: t`by hand`, pipeline: t`by another pipeline`, dataset: t`by new data`, webhook: t`by a webhook`,
	backfill: t`by a backfill`, after: t`after another pipeline`,
};

const clocks = { replay: t`replay clock`, wall: t`wall clock` };
export const clockName = (clock) => clocks[clock] ?? clock;

const weekdays = { Monday: "월요일", Tuesday: "화요일", Wednesday: "수요일", Thursday: "목요일", Friday: "금요일", Saturday: "토요일", Sunday: "일요일" };
/** The server tells schedules in English; the commonest have a Korean form. */
const korean = [
	[/^every day at ([\d:, and]+)$/, "매일 $1"], [/^every hour$/, "매시간"], [/^every minute$/, "매분"], [/^every hour at minute (\d+)$/, "매시 $1분"],
	[/^every (\d+) minutes$/, "$1분마다"], [/^every (\d+) hours$/, "$1시간마다"], [/^at ([\d:, and]+) on (\w+)$/, (_, at, on) => `${weekdays[on] ?? on} ${at}`],
	[/^at ([\d:, and]+) on (\w+) to (\w+)$/, (_, at, from, to) => `${weekdays[from] ?? from}–${weekdays[to] ?? to} ${at}`],
	[/^at ([\d:, and]+) on day (\d+) of the month$/, "매월 $2일 $1"], [/^dataset (.+)$/, "데이터셋 $1"], [/^after (.+)$/, "$1 다음에"], [/^webhook (.+)$/, "웹훅 $1"],
];

const inKorean = (words) => {
	const [pattern, form] = korean.find(([pattern]) => pattern.test(words)) ?? [];
	return pattern ? words.replace(pattern, form).replaceAll(" and ", ", ") : words;
};

/** `every day at 00:00, replay clock`, for each trigger. */
export const schedules = (pipeline) => {
	const triggers = pipeline.triggers ?? pipeline.schedules.map((words) => ({ words, clock: null }));
	return triggers.map(({ words, clock }) => [language === "ko" ? inKorean(words) : words, clock && clockName(clock)].filter(Boolean).join(" · "));
};

/** The schedule in words and the next firings, as lines. */
export const scheduleLines = (pipeline) => {
	const lines = schedules(pipeline);
	if (pipeline.problems.length > 0 && !pipeline.version) return [];
	const next = pipeline.next.slice(0, 3).map(({ at }) => moment(at, pipeline.timezone));
	const when = pipeline.paused ? t`paused` : next.length > 0 ? t`next: ${next.join(", ")}` : null;
	return [
		el("div", {}, lines.length > 0 ? lines.join("; ") : t`only by hand`),
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
