// When a pipeline runs, in words.
import { language, t } from "../words.js";

const clocks = { replay: t`replay clock`, wall: t`wall clock` };

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
	return triggers.map(({ words, clock }) => [language === "ko" ? inKorean(words) : words, clock && (clocks[clock] ?? clock)].filter(Boolean).join(" · "));
};
