"""What does the law say? Rule packs by jurisdiction and date; every number of the law is data here."""
