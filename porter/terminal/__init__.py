"""What a person sees and answers: rich and questionary live here and nowhere else."""
