// Whether what is shown is live.
import { byId, setText } from "../dom.js";
import { state, watch } from "../store.js";

const words = { connecting: "connecting…", live: "live", lost: "connection lost, trying again…" };

export const mountConnection = () => {
  const place = byId("connection");
  watch(["connection"], () => {
    place.dataset.connection = state.connection;
    setText(place, words[state.connection]);
  });
};
