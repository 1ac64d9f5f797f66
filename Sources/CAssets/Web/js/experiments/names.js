// How runs and experiments are told of.
import { secondsBetween, duration, locale, shortDay, wallTime } from "../format.js";
import { stateWord } from "../states.js";
import { t } from "../words.js";

/** MLflow's words for what pipelines call success and cancelled. */
const words = { success: t`finished`, cancelled: t`killed` };
export const statusWord = (state) => words[state] ?? stateWord(state);

const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });
const iso = (milliseconds) => new Date(milliseconds).toISOString();

/** A moment in the zone of the person who looks; a year other than this one is told. */
export const moment = (milliseconds) => {
	if (milliseconds === null || !Number.isFinite(milliseconds)) return "–";
	const date = new Date(milliseconds);
	return date.getFullYear() === new Date().getFullYear() ? wallTime(iso(milliseconds)) : shortDay(iso(milliseconds));
};

/** The same to the second with the zone's name. */
export const exactMoment = (milliseconds) => (Number.isFinite(milliseconds) && milliseconds !== null ? exact.format(milliseconds) : null);

export const took = ({ start, end }) => (start !== null && end !== null ? duration(secondsBetween(iso(start), iso(end))) : "");

/** The pipeline and its run that made a run, or null. */
export const madeBy = ({ tags }) => (tags["mlstack.pipeline"] && tags["mlstack.pipeline_run"] ? { pipeline: tags["mlstack.pipeline"], run: tags["mlstack.pipeline_run"] } : null);

/** `daily, 16 Nov 2024` of what a pipeline called `daily-20241116T000000`; a mark that tells like ones apart stays. Other names are as they are. */
export const readableName = (name, pipeline) => {
	const found = pipeline && /^.+?-(\d{8})T(\d\d)(\d\d)\d\d(?:[-+]\d{4})?(?:-(t\d+|[\da-f]{4}|[\da-f]{8}))?(?:-.+)?$/.exec(name);
	if (!found) return name;
	const [, day, hour, minute, mark] = found;
	const time = hour + minute === "0000" ? "" : ` ${hour}:${minute}`;
	return `${pipeline}, ${shortDay(day.replace(/(\d{4})(\d\d)/, "$1-$2-"))}${time}${mark ? ` (${mark})` : ""}`;
};

/** What a run is called where people read it. */
export const titleOf = (run) => readableName(run.name, madeBy(run)?.pipeline);

/** MLflow's client says `unknown` where it does not know. */
export const personOf = (user) => (user && user !== "unknown" ? user : null);

/** Tags that programs write for themselves. */
export const isOwnTag = (key) => /^(mlflow|mlstack)\./.test(key);

export const noteTag = "mlflow.note.content";

/** A key as the filter grammar wants it: what is no plain word stands in back quotes. */
export const quotedKey = (key) => (/^[\p{L}\p{N}_]+$/u.test(key) ? key : key.includes("`") ? `"${key}"` : `\`${key}\``);
