"""Getting data: public sets from their origin, and cards for tables that have none."""
