using System.ComponentModel.DataAnnotations;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>How long results stay open (section <c>Experiments</c>).</summary>
public sealed record OutcomeOptions
{
    /// <summary>Days after the last window in which returns still come in; until then a result is provisional.</summary>
    [Range(0, 365, ErrorMessage = "Experiments:ReturnDays must be between 0 and 365: days in which customers may return goods, usually 30.")]
    public int ReturnDays { get; init; } = 30;
}
