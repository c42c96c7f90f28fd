"""The formats that health credentials come in: text ⇄ envelope ⇄ facts."""
