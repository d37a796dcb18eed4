"""What files of earlier versions lack or say otherwise: one module per version, each leading to the next one."""
