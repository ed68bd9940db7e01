using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Uplift;

/// <summary>Where trained models are kept (section <c>Models</c>).</summary>
public sealed record ModelOptions
{
    [Required(ErrorMessage = "Models:Path is empty. Set it to a folder that the app may write to, for example data/models.")]
    public string Path { get; init; } = "data/models";
}
