// Every setting as it holds now, and who said so.
import { el, replace } from "../dom.js";
import { command } from "../parts/command.js";
import { t } from "../words.js";

const meanings = {
	home: t`the folder that holds everything`, dataset: t`what is replayed`, host: t`the address it listens on`, port: t`the port it listens on`,
	day_length: t`wall time of a simulated day`, paused: t`whether the clock stood at the start`, start: t`the first simulated day`,
	history: t`the share of the ratings that is there before`, until: t`the last simulated day`, exit_when_done: t`ends with the replay`,
	skip_bad_lines: t`puts bad lines aside`, token: t`asked of every request`, shadow_share: t`of the answers, how many a challenger is asked too`,
	keep_runs: t`how long runs that ended are kept`, pools: t`slots for tasks`, artifacts: t`where models and other artefacts are kept`,
	durability: t`what a write waits for: normal outlives the process, full outlives a loss of power`, allow_private_webhooks: t`webhooks inside the private network`,
};
const origins = { default: t`default`, home: t`remembered by the home`, file: "mlstack.yaml", environment: t`environment`, command_line: t`command line` };

const valueOf = ({ name, value }) => {
	if (value === null) return el("span", { class: "muted" }, { start: t`after the history`, history: "0.5", until: t`the end of the data`, token: t`none`, keep_runs: t`for ever`, pools: t`none of its own`, artifacts: t`in the home` }[name] ?? t`not set`);
	if (name === "day_length" && value === "0") return t`0: as fast as the work allows`;
	return el("code", {}, value);
};

const row = (setting) => el("tr", { class: setting.origin !== "default" && "said-so" },
	el("th", { scope: "row" }, el("code", {}, setting.name), el("p", { class: "muted" }, meanings[setting.name])),
	el("td", { class: "value" }, valueOf(setting)),
	el("td", {}, el("span", { class: setting.origin === "default" ? "muted" : "badge" }, origins[setting.origin] ?? setting.origin)),
	el("td", { class: "muted" }, el("code", {}, setting.spelling)));

export const mountSettings = (node) => {
	const body = el("tbody");
	const head = [t`Setting`, t`Value`, t`Comes from`, t`Said with`].map((text) => el("th", { scope: "col" }, text));
	const help = el("div");
	node.append(el("section", { class: "card", "aria-labelledby": "settings-title" }, el("h2", { id: "settings-title" }, t`Settings`),
		el("p", { class: "muted" }, t`The command line comes before mlstack.yaml, and that before the defaults. They hold until the next start.`),
		el("div", { class: "scroll" }, el("table", { class: "settings" }, el("thead", {}, el("tr", {}, head)), body)), help));
	let drawn = "";
	const draw = ({ settings, home }) => {
		const key = JSON.stringify(settings);
		if (key === drawn) return;
		drawn = key;
		replace(body, settings.map(row));
		replace(help, el("p", { class: "muted spaced" }, t`All options with their meanings:`), command("mlstack up --help"),
			el("p", { class: "muted spaced" }, t`Secrets are never shown; they are in ${home}/secrets.yaml, or in variables that begin with MLSTACK_SECRET_.`));
	};
	return { draw };
};
