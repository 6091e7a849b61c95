"""How the tables of the control store came about, step by step; `database.upgrade` applies them."""
