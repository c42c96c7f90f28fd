"""What pages of several parts are made of; they write nothing but the trail."""
