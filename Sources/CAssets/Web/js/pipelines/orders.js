// Orders to pipelines and runs, each confirmed with what will happen.
import { paths, post } from "../api.js";
import { confirmFirst } from "../dialog.js";
import { el } from "../dom.js";
import { go, to } from "../router.js";
import { t } from "../words.js";
import { runLabel } from "./names.js";

const list = (names) => (names.length > 12 ? t`${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", "));

export const pauseOrResume = (pipeline, done) => {
	const { id, paused } = pipeline;
	confirmFirst({
		title: paused ? t`Resume ${id}?` : t`Pause ${id}?`,
		consequences: paused
			? [t`Its schedule makes runs again from now on.`, t`What it missed is made up only if its file says catchup.`]
			: [t`Its schedule makes no more runs until it is resumed.`, t`Runs under way go on, and it can be run by hand.`],
		verb: paused ? t`Resume` : t`Pause`,
		act: async () => done(await post(paths.pause(id, !paused))),
	});
};

/** Opens the page of a run that was just started. */
const open = ({ pipeline, id }) => go(to("pipelines", pipeline, "runs", id));

export const runNow = ({ id }) =>
	confirmFirst({
		title: t`Run ${id} now?`,
		consequences: [
			t`A run starts by hand, with the default value of every param.`,
			el("span", {}, t`To choose them: `, el("a", { href: to("pipelines", id, "trigger") }, t`the form`), "."),
		],
		verb: t`Run now`,
		act: async () => open(await post(paths.runs(id), {})),
	});

export const runAgain = (run) =>
	confirmFirst({
		title: t`Run ${run.pipeline} again?`,
		consequences: [
			t`A new run starts by hand, with the same params; this one stays as it is.`,
			t`It works on the last complete interval of the clock, which may be a later day than this run's.`,
		],
		verb: t`Run again`,
		act: async () => open(await post(paths.runs(run.pipeline), { params: run.params ?? {} })),
	});

export const cancelRun = (run, zone, done) =>
	confirmFirst({
		title: t`Cancel ${runLabel(run, zone)}?`,
		consequences: [
			t`Nothing more of it starts; what is running is asked to stop, then made to.`,
			t`Runs that it started are cancelled too. What has succeeded stays, and can be cleared later.`,
		],
		verb: t`Cancel the run`,
		leave: t`Let it run`,
		act: async () => done(await post(paths.order(run.pipeline, run.id, "cancel"))),
	});

/**
 * @param what `{tasks?, downstream?, only_failed?}`; without `tasks`, all of the run
 * @param title the question
 */
export const clearTasks = async (run, what, title, done) => {
	const path = paths.order(run.pipeline, run.id, "clear");
	let consequences;
	try {
		// The server says which tasks that would be, before anything is forgotten.
		const { cleared } = await post(path, { ...what, dry_run: true });
		consequences = cleared.length === 0 ? [t`There is nothing to clear.`] : [
			cleared.length === 1 ? t`The result of ${cleared[0]} is forgotten.` : t`The results of ${cleared.length} tasks are forgotten: ${list(cleared)}.`,
			t`They run again with the same date and params; logs of earlier attempts stay.`,
		];
	} catch (error) {
		consequences = [error.message, error.remedy].filter(Boolean);
	}
	confirmFirst({ title, consequences, verb: t`Clear`, act: async () => done(await post(path, what)) });
};

export const clearTask = (run, task, downstream, done) =>
	clearTasks(run, { tasks: [task], downstream }, downstream ? t`Clear ${task} and what comes after it?` : t`Clear ${task} alone?`, done);

export const markTask = (run, task, state, done) =>
	confirmFirst({
		title: state === "success" ? t`Mark ${task ?? t`the run`} as success?` : t`Mark ${task ?? t`the run`} as failed?`,
		consequences: [
			t`Nothing is run because of that; it is noted with the time in the list of orders.`,
			task ? t`Tasks that wait for it go on as if it had ended so.` : t`Every task that has not succeeded counts as marked.`,
			t`What the run has come to is judged again.`,
		],
		verb: state === "success" ? t`Mark success` : t`Mark failed`,
		act: async () => done(await post(paths.order(run.pipeline, run.id, "mark"), task ? { state, task } : { state })),
	});
