using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Uplift.Models;

/// <summary>Where trained models are kept, and how old one may become before predictions say so (section <c>Models</c>).</summary>
public sealed record ModelOptions
{
    [Required(ErrorMessage = "Models:Path is empty. Set it to a folder that the app may write to, for example data/models.")]
    public string Path { get; init; } = "data/models";

    [Range(1, 3650, ErrorMessage = "Models:StaleAfterDays must be a number of days from 1 to 3650.")]
    public int StaleAfterDays { get; init; } = 90;
}
