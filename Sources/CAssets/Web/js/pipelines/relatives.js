// What belongs to a run besides its tasks: the run that started it, those that it started, and what it tracked.
import { getJSON, paths } from "../api.js";
import { el } from "../dom.js";
import { to } from "../router.js";
import { stateWord } from "../states.js";
import { t } from "../words.js";

const link = ({ pipeline, id, state }) => el("a", { href: to("pipelines", pipeline, "runs", id), title: id }, `${pipeline} (${stateWord(state)})`);

/** @returns `[{name, value}]`, as far as there are any. */
export const relatives = async (run) => {
	const { parent, children, tracked_run: tracked } = await getJSON(paths.relatives(run.pipeline, run.id));
	return [
		parent && { name: t`started by`, value: link(parent) },
		children.length > 0 && { name: t`it started`, value: el("span", {}, children.flatMap((child, index) => [index > 0 && ", ", link(child)])) },
		tracked && { name: t`tracked as`, value: el("a", { href: to("experiments", tracked.experiment_id, "runs", tracked.run_id), title: tracked.run_id }, t`experiment ${run.pipeline}, run ${tracked.run_id.slice(0, 8)}`) },
	].filter(Boolean);
};
