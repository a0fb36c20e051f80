import { connectSwitch } from "./switch.js";

const element = (id) => document.getElementById(id);

element("settings").addEventListener("click", () => chrome.runtime.openOptionsPage());
connectSwitch(element("on"), element("state"));
