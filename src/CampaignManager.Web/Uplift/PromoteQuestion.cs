using CampaignManager.Application.Uplift.Models;
using CampaignManager.Web.Shared;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace CampaignManager.Web.Uplift;

/// <summary>Asks before a version takes the place of one that is better, as far as rows can tell that neither has seen.</summary>
public sealed class PromoteQuestion(IDialogService dialogs, IStringLocalizer<ModelTexts> texts)
{
    /// <returns>Whether to go on: nothing speaks against it, or the person wants it all the same.</returns>
    public async Task<bool> MayAsync(ModelComparison? comparison)
    {
        if (comparison?.ChampionWinsIn is not { } arm)
            return true;
        var share = Figures.Percent(Math.Min(1 - arm.Paired.Deciding.ProbabilityBetter, 0.999), 0);
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { d => d.Text, texts["PromoteWorse", comparison.Champion.Row.Number, share, arm.Arm] },
            { d => d.Confirm, texts["PromoteAnyway"] },
        };
        var dialog = await dialogs.ShowAsync<ConfirmDialog>(texts["PromoteWorseTitle"], parameters);
        return await dialog.Result is { Canceled: false };
    }
}
