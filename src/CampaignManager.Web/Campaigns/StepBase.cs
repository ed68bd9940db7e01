using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Campaigns;

/// <summary>What every part of the editor is given.</summary>
public abstract class StepBase : ComponentBase
{
    [Parameter, EditorRequired]
    public CampaignForm Form { get; set; } = default!;

    [Parameter, EditorRequired]
    public FormErrors Errors { get; set; } = default!;

    [Parameter]
    public EventCallback Changed { get; set; }

    protected string Sign => Engine.Money.MoneyText.Sign(Form.Currency).Trim();

    protected Task Set(Action change)
    {
        change();
        return Changed.InvokeAsync();
    }
}
