"""A Helm chart whose templates give, for every environment, exactly the objects that the policies judged."""
