// Keeps the browser's rules and the icon in step with the settings; nobody else touches either.
import { isComplete, loadSettings } from "./settings.js";
import { rulesFor } from "./rules.js";

async function apply() {
  const settings = await loadSettings();
  settings.on = settings.on && isComplete(settings);
  const old = await chrome.declarativeNetRequest.getDynamicRules();
  await chrome.declarativeNetRequest.updateDynamicRules({
    removeRuleIds: old.map((rule) => rule.id),
    addRules: rulesFor(settings),
  });
  await chrome.action.setBadgeText({ text: settings.on ? "ON" : "" });
  await chrome.action.setBadgeBackgroundColor({ color: "#1d5bd8" });
  await chrome.action.setBadgeTextColor({ color: "#ffffff" });
  await chrome.action.setTitle({
    title: settings.on
      ? `Debug toolbar key: on for ${settings.origins.join(", ")}`
      : "Debug toolbar key: off",
  });
}

// One after the other: two at once would add rules under the same numbers.
let applied = Promise.resolve();
function applyNext() {
  applied = applied.then(apply, apply);
  return applied;
}

chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
chrome.storage.local.onChanged.addListener(applyNext);
chrome.runtime.onInstalled.addListener(applyNext);
chrome.runtime.onStartup.addListener(applyNext);
