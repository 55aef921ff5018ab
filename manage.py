#!/usr/bin/env python
"""Django's command line; starts the embedded servers for the commands that need them."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.commands import servers_for

    servers_for(sys.argv[1:])

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
