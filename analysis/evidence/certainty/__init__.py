"""How far the figures would move with other loans, another split or other draws."""
