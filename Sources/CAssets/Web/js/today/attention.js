// What needs attention: failed runs with the task, its message and its log; a replay that can't go on; a
// promoted version that can't be loaded; broken files.
import { getJSON, paths, post } from "../api.js";
import { confirmFirst } from "../dialog.js";
import { button, byId, el, keyed, replaceWhen, setText } from "../dom.js";
import { count, runName } from "../format.js";
import { to } from "../router.js";
import { ensureRun, runAnswer, show } from "../runs.js";
import { glyph } from "../states.js";
import { state, watch, zoneOf } from "../store.js";
import { t } from "../words.js";

const failure = (task) => (!task ? t`it failed` : task.attempt > 1 ? t`${task.id} failed after ${task.attempt} attempts` : t`${task.id} failed`);

/** Failed runs, those of the same task with the same message as one. */
const failures = () => {
	const groups = new Map();
	for (const [pipeline, runs] of state.recent) {
		for (const [age, run] of runs.entries()) {
			if (run.state !== "failed") continue;
			const known = state.runs.get(run.id);
			if (!known?.complete && !run.failed_task) {
				ensureRun(pipeline, run.id).catch(() => {});
				continue;
			}
			const task = known?.complete ? [...known.tasks.values()].find((each) => each.state === "failed") : run.failed_task;
			const message = task?.message ?? run.message ?? "";
			const isMended = runs.slice(0, age).some((later) => later.state === "success");
			const key = `${pipeline} ${task?.id} ${message}`;
			if (!groups.has(key)) groups.set(key, { run, task, message, isMended, times: 0 });
			groups.get(key).times += 1;
		}
	}
	return [...groups.values()].map(({ run, task, times, ...group }) => ({
		...group, run, taskID: task?.id,
		text: `${runName(run, zoneOf(run.pipeline))}: ${failure(task)}`,
		note: [times > 1 && t`${count(times)} runs failed this way`, group.isMended && t`a later run succeeded`].filter(Boolean).join("; "),
	}));
};

const items = () => {
	const { replay, serving, status, problems } = state;
	const unloaded = serving?.last_load_error;
	const broken = (state.pipelines ?? []).filter(({ problems }) => problems.length > 0).map(({ id, file, version, problems: [first, ...others] }) => ({
		text: t`The file of ${id} has errors`, message: `${first.replace(file, file.split("/").at(-1)).replace(/\s{2,}/, "  ")}${others.length > 0 ? `, ${t`and ${others.length} more`}` : ""}`,
		note: version ? t`its last good version goes on running` : t`it cannot run until it is right`, file: to("pipelines", id, "file"),
	}));
	const refused = problems.pipelines ?? problems.quality;
	return [
		replay?.error && { text: t`The replay cannot go on`, message: replay.error.message, note: replay.error.remedy },
		unloaded && {
			text: t`Version ${unloaded.version} of ${unloaded.model} is in production and could not be loaded`, message: unloaded.message,
			note: `${serving.model ? t`version ${serving.model.version} answers in its place` : t`nothing answers`}; ${unloaded.remedy}`,
		},
		...(status?.problems ?? []).map(({ subject, message, remedy }) => ({ text: t`Something is wrong with the ${subject}`, message, note: remedy })),
		...broken,
		refused && { text: t`A part of this page could not be fetched`, message: refused.message, note: refused.remedy },
		...failures(),
	].filter(Boolean);
};

const again = (run) =>
	confirmFirst({
		title: t`Run ${run.pipeline} again?`,
		consequences: [
			t`A new run of ${run.pipeline} starts by hand, with the params of the failed one; the failed run stays as it is.`,
			t`It works on the last complete interval of the clock, which may be a later day than the failed run's.`,
		],
		verb: t`Run again`,
		async act() {
			const { params } = await getJSON(paths.run(run.pipeline, run.id));
			const started = await post(paths.runs(run.pipeline), { params });
			runAnswer(started);
			show({ pipeline: run.pipeline, run: started.id, task: null });
		},
	});

/** More than these are a line that leads to all of them. */
const most = 5;

const create = ({ text, message, note, isMended, run, taskID, file }) =>
	el("li", { class: isMended && "mended" }, glyph("failed", 20),
		el("div", {}, el("strong", {}, `${text}. `), el("span", { class: "message" }, message), note && el("span", { class: "muted" }, ` (${note})`)),
		file && el("a", { href: file }, t`Open the file`),
		run && el("div", { class: "row" },
			button(taskID ? t`Open its log` : t`Show the run`, "small", () => {
				show({ pipeline: run.pipeline, run: run.id, task: taskID ?? null });
				if (!taskID) byId("flow").scrollIntoView();
			}),
			button(t`Run again`, "small", () => again(run))));

export const mountAttention = () => {
	const [list, past] = [el("ul"), el("ul")];
	const more = el("p", { class: "more muted" });
	const [sum, mended] = [el("summary"), el("details", { class: "past-failures" })];
	mended.append(sum, past);
	const calm = el("p", { class: "calm" }, glyph("success"), t`Nothing needs attention.`);
	byId("attention").append(list, more, calm, mended);
	watch(["runs", "replay", "serving", "status", "view", "pipelines", "quality"], () => {
		const all = items();
		const [found, over] = [all.filter(({ isMended }) => !isMended), all.filter(({ isMended }) => isMended)];
		const key = ({ text, message, note }) => `${text} ${message} ${note}`;
		calm.hidden = found.length > 0;
		keyed(list, found.slice(0, most), key, create);
		more.hidden = found.length <= most;
		replaceWhen(more, found.length, () => el("a", { href: "/pipelines" }, t`and ${found.length - most} more`));
		mended.hidden = over.length === 0;
		setText(sum, over.length === 1 ? t`1 failure that a later run made good` : t`${over.length} failures that later runs made good`);
		keyed(past, over.slice(0, 4 * most), key, create);
	});
};
