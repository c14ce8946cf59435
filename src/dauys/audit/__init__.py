"""What anyone can check of a public log, without its database: numbers, lives of petitions, who is late. No framework."""
