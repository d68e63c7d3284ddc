"""The built-in plugins, one file each. They come in through the same hooks as everybody else's."""
