"""The views of the client, its resources, inputs and exports."""
