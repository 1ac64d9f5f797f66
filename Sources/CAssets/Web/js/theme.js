// A classic script in the head, not a module: the remembered theme must stand before the first paint.
(() => {
	const root = document.documentElement;
	const remembered = () => {
		try {
			const theme = localStorage.getItem("theme");
			return theme === "light" || theme === "dark" ? theme : "system";
		} catch {
			return "system";
		}
	};
	const apply = (theme) => {
		if (theme === "system") root.removeAttribute("data-theme");
		else root.setAttribute("data-theme", theme);
	};
	apply(remembered());

	addEventListener("DOMContentLoaded", () => {
		const group = document.getElementById("theme");
		// The page of the API has no choice of its own.
		if (!group) return;
		for (const input of group.querySelectorAll("input")) input.checked = input.value === remembered();
		group.addEventListener("change", (event) => {
			apply(event.target.value);
			try {
				localStorage.setItem("theme", event.target.value);
			} catch {
				// Private windows may refuse storage; the choice then holds for this page alone.
			}
		});
	});
})();
