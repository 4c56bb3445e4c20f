"""`clearway release`: the steps of a deploy, one after the other, and the way back when one of them fails."""
