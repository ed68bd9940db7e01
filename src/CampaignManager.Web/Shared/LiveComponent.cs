using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Shared;

/// <summary>A component that is told of changes from outside its page: it hears them on its own circuit until it is gone, and a fault of
/// its work reaches the error boundary instead of being lost with the task.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource gone = new();

    protected LiveComponent() => Gone = gone.Token;

    /// <summary>Cancelled when the component is taken down.</summary>
    protected CancellationToken Gone { get; }

    /// <summary>What a notifier of another thread calls.</summary>
    protected void Dispatch(Func<Task> work) => _ = DispatchAsync(work);

    /// <summary>Ends without a fault in every case: where nobody waits for the task, the page says what went wrong.</summary>
    protected async Task DispatchAsync(Func<Task> work)
    {
        try
        {
            await InvokeAsync(() => Gone.IsCancellationRequested ? Task.CompletedTask : work());
        }
        catch (Exception) when (Gone.IsCancellationRequested)
        {
            // The page was left while it worked; there is nobody to tell.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    public void Dispose()
    {
        gone.Cancel();
        Dispose(disposing: true);
        gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the component has subscribed to.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
