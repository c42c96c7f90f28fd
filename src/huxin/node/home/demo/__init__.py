"""The demo's people and cards, and who can be entered as; made only under the label demo."""
