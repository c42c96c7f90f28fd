// What the page "Will I get in?" of a node asks rules with: built into one file, `rules.js`.

export { RuleBook } from "./book.js";
export { Explainer } from "./explain.js";
