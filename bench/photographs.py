"""Makes 60 photographs of an invoice page with made-up numbers: ten harms, the QR
about 450, 200 and 120 pixels wide, and beside each what its QR says.

    apt-get install python3-numpy python3-opencv qrencode
    OUT=sets/photos python3 photographs.py
"""
import numpy as np, cv2, subprocess, random, os, math
OUT=os.environ.get('OUT','fapiao-photos'); os.makedirs(OUT,exist_ok=True)
cv2.setNumThreads(1)
def qr(text,ec):
    subprocess.run(['qrencode','-o',OUT+'/../q.png','-s','1','-m','0','-l',ec,'-8' ,text],check=True)
    return cv2.imread(OUT+'/../q.png',0)
def page(text,ec,rng,ppmm=20):
    """210x140 mm page, a QR of 22 mm at the upper left"""
    W,H=210*ppmm,140*ppmm
    p=np.full((H,W,3),(247,248,246),np.uint8)
    ink=(70,60,160) # brown-red lines of a fapiao, BGR
    def mm(x): return int(round(x*ppmm))
    cv2.putText(p,'DIANZI FAPIAO (PUTONG FAPIAO)',(mm(62),mm(16)),cv2.FONT_HERSHEY_COMPLEX,ppmm/11,ink,max(1,ppmm//6),cv2.LINE_AA)
    cv2.line(p,(mm(65),mm(20)),(mm(150),mm(20)),ink,max(1,ppmm//5)); cv2.line(p,(mm(65),mm(21)),(mm(150),mm(21)),ink,max(1,ppmm//5))
    for y in (34,60,66,104,112,134): cv2.line(p,(mm(8),mm(y)),(mm(202),mm(y)),ink,max(1,ppmm//6))
    for x in (8,14,105,111,202): cv2.line(p,(mm(x),mm(34)),(mm(x),mm(60)),ink,max(1,ppmm//6))
    for x in (8,202): cv2.line(p,(mm(x),mm(34)),(mm(x),mm(134)),ink,max(1,ppmm//6))
    for x in (50,80,95,110,130,160,180): cv2.line(p,(mm(x),mm(66)),(mm(x),mm(104)),ink,max(1,ppmm//6))
    r=random.Random(rng)
    def words(x,y,n,s=1.0,c=(40,40,40)):
        # Chinese-like glyphs of strokes
        g=3.0*s
        for i in range(n):
            x0,y0=x+i*g*1.05,y
            for _ in range(6):
                a=(mm(x0+r.random()*g),mm(y0+r.random()*g)); 
                b=(a[0]+mm(g*.5),a[1]) if r.random()<.5 else (a[0],a[1]+mm(g*.5))
                b=(min(b[0],mm(x0+g)),min(b[1],mm(y0+g)))
                cv2.line(p,a,b,c,max(1,ppmm//7),cv2.LINE_AA)
    for k in range(4): words(150,16+k*4.3,6); cv2.putText(p,''.join(r.choice('0123456789') for _ in range(12)),(mm(172),mm(19+k*4.3)),cv2.FONT_HERSHEY_SIMPLEX,ppmm/14,(40,40,40),max(1,ppmm//9),cv2.LINE_AA)
    for k in range(4): words(17,37+k*5.4,5+r.randrange(16)); words(114,37+k*5.4,5+r.randrange(16))
    for k in range(6):
        for x in (10,52,82,97,112,132,162,182): words(x,68+k*5.6,1+r.randrange(5))
    words(17,106,20); words(20,116,30); words(20,123,18); words(12,136,8); words(90,136,8)
    q=qr(text,ec); s=mm(22)
    x0,y0=mm(12),mm(6)
    cv2.rectangle(p,(x0-mm(1.8),y0-mm(1.8)),(x0+s+mm(1.8),y0+s+mm(1.8)),(247,248,246),-1)
    p[y0:y0+s,x0:x0+s]=cv2.resize(q,(s,s),interpolation=cv2.INTER_NEAREST)[:,:,None]
    p=np.where(p<40,np.uint8(38),p) # toner is not black
    return p,(x0,y0,s)
def warp(p,M,w,h,bg):
    # antialiased: blur to the down-scale first
    src=p; sc=math.sqrt(abs(np.linalg.det(M[:2,:2]))) if M[2,2] else 1
    if sc<0.9: src=cv2.GaussianBlur(p,(0,0),0.42/sc)
    m=cv2.warpPerspective(np.full(p.shape[:2],255,np.uint8),M,(w,h),flags=cv2.INTER_LINEAR)
    o=cv2.warpPerspective(src,M,(w,h),flags=cv2.INTER_LINEAR)
    a=(m/255.0)[:,:,None]; return (o*a+bg*(1-a)).astype(np.float32)
def table(w,h,r):
    t=r.normal(0,1,(h//8+1,w//60+1)).astype(np.float32); t=cv2.resize(t,(w,h),interpolation=cv2.INTER_CUBIC)
    b=np.empty((h,w,3),np.float32); b[:]=(95,120,150); b+=t[:,:,None]*9; return b
def motion(img,l,ang):
    n=int(math.ceil(l))|1; n=max(n,3); k=np.zeros((n*4+1,n*4+1),np.float32); c=n*2
    dx,dy=math.cos(ang)*l/2,math.sin(ang)*l/2
    for t in np.linspace(-1,1,200):
        x,y=c+dx*t,c+dy*t; x0,y0=int(x),int(y); fx,fy=x-x0,y-y0
        k[y0,x0]+=(1-fx)*(1-fy);k[y0,x0+1]+=fx*(1-fy);k[y0+1,x0]+=(1-fx)*fy;k[y0+1,x0+1]+=fx*fy
    return cv2.filter2D(img,-1,k/k.sum())
HARMS=['perspective','curl','motion','defocus','noise','glare','fold','stamp','moire','jpeg40']
def make(hi,harm,i):
    seed=1000+hi*10+i; r=np.random.default_rng(seed); rr=random.Random(seed)
    size=[450,450,200,200,120,120][i]; sev=[0.45,0.95,0.45,0.95,0.4,0.85][i]
    if i%2==0: text='01,10,044%09d,%08d,%d.%02d,2025%02d%02d,%020d,%s,'%(rr.randrange(10**9),rr.randrange(10**8),rr.randrange(20,9000),rr.randrange(100),rr.randrange(1,13),rr.randrange(1,29),rr.randrange(10**20),'%04X'%rr.randrange(65536))
    else: text='01,32,,25%018d,%d.%02d,2025%02d%02d,,%s,'%(rr.randrange(10**18),rr.randrange(20,9000),rr.randrange(100),rr.randrange(1,13),rr.randrange(1,29),'%04X'%rr.randrange(65536))
    ec='M' if i%3 else 'L'
    ppmm=22 if size==450 else 20
    p,(qx,qy,qs)=page(text,ec,seed,ppmm)
    cm=p.astype(np.float32)
    H,W=p.shape[:2]
    # canvas: 12 MP at 450; at 200 half are 12 MP with the page small, half were shrunk; at 120 chat-compressed
    w,h={0:(4000,3000),1:(4000,3000),2:(4000,3000),3:(2000,1500),4:(1280,960),5:(1280,960)}[i]
    sc=size/qs
    if harm=='stamp':
        ov=np.zeros(p.shape[:2],np.float32); R=int(qs*0.62); 
        far=[1.05,0.72,1.05,0.72,1.05,0.72][i]
        cx,cy=int(qx+qs*(0.5+far*0.72)),int(qy+qs*(0.5+far*0.72))
        cv2.ellipse(ov,(cx,cy),(R,int(R*.72)),0,0,360,1,max(2,ppmm),cv2.LINE_AA); cv2.ellipse(ov,(cx,cy),(int(R*.7),int(R*.5)),0,0,360,1,max(1,ppmm//3),cv2.LINE_AA)
        for k in range(14):
            a=math.radians(160+k*17); x,y=cx+R*.84*math.cos(a),cy+R*.6*math.sin(a)
            for _ in range(4): cv2.line(ov,(int(x+rr.uniform(-1,1)*ppmm),int(y+rr.uniform(-1,1)*ppmm)),(int(x+rr.uniform(-1,1)*ppmm),int(y+rr.uniform(-1,1)*ppmm)),1,max(1,ppmm//3))
        a=(ov*0.92)[:,:,None]; red=np.array([60,45,205],np.float32)
        cm=cm*(1-a)+np.minimum(cm,red)*a
    if harm=='fold':
        # a crease through the QR: the parts beside it tilt (light differs, shift) and toner flakes off
        f=qx+qs*rr.uniform(.3,.6) if i%2 else qy+qs*rr.uniform(.3,.6)
        ax=1 if i%2 else 0
        n=np.arange(W if ax else H)-f
        wd=ppmm*(0.25+0.35*sev); line=np.exp(-(n/wd)**2); sh=1-0.28*sev*(n>0)+0*n
        gain=sh-0.35*sev*np.exp(-((n-wd)/wd)**2)
        g=gain[None,:,None] if ax else gain[:,None,None]; l=(line*0.85)[None,:,None] if ax else (line*0.85)[:,None,None]
        cm=(cm*(1-l)+235*l)*g
        amp=ppmm*1.1*sev; d=amp*np.maximum(0,1-np.abs(n)/(ppmm*14)).astype(np.float32)
        mx,my=np.meshgrid(np.arange(W,dtype=np.float32),np.arange(H,dtype=np.float32))
        if ax: my+=d[None,:]; mx+=np.sign(n).astype(np.float32)[None,:]*d[None,:]*.5
        else: mx+=d[:,None]; my+=np.sign(n).astype(np.float32)[:,None]*d[:,None]*.5
        cm=cv2.remap(cm.astype(np.float32),mx,my,cv2.INTER_LINEAR,borderMode=cv2.BORDER_REPLICATE)
    if harm=='curl':
        mx,my=np.meshgrid(np.arange(W,dtype=np.float32),np.arange(H,dtype=np.float32))
        k=sev*ppmm*9; per=ppmm*(75 if i%2 else 60)
        ph=rr.uniform(0,6.28)
        if i%2==0: my2=my+k*.5*np.sin(mx/per*2*np.pi+ph); mx2=mx+k*.8*np.sin(mx/per*2*np.pi+ph)
        else: my2=my+k*.8*np.sin(my/per*2*np.pi+ph)+k*.3*np.sin(mx/per*2*np.pi); mx2=mx+k*.5*np.sin(my/per*2*np.pi+ph)
        cm=cv2.remap(cm,mx2.astype(np.float32),my2.astype(np.float32),cv2.INTER_LINEAR,borderValue=(95,120,150))
        s=1-0.2*sev*np.cos((mx if i%2==0 else my)/per*2*np.pi+ph); cm=cm*s[:,:,None].astype(np.float32)
    if harm=='moire':
        # shown on a screen: RGB stripes of pixels and a coarse pixel grid, photographed at an angle
        pit=1/sc*rr.uniform(1.15,1.9) # pitch in page px, near the camera's pixel
        gx=0.5+0.5*np.cos(np.arange(W)/pit*2*np.pi); gy=0.6+0.4*np.cos(np.arange(H)/pit*2*np.pi)
        depth=0.35+0.5*sev
        cm=cm*(1-depth+depth*gx)[None,:,None].astype(np.float32)*(1-depth*.6+depth*.6*gy)[:,None,None].astype(np.float32)
    # pose
    ang=math.radians(rr.uniform(-8,8)+(180 if i==3 and hi%3==0 else 0)+(90 if i==4 and hi%3==1 else 0))
    tilt=0.06+ (0.55*sev if harm=='perspective' else 0.06*sev)
    az=rr.uniform(0,2*math.pi)
    ca,sa=math.cos(ang),math.sin(ang)
    qc=np.array([qx+qs/2,qy+qs/2])
    A=np.array([[ca*sc,-sa*sc,0],[sa*sc,ca*sc,0],[0,0,1.0]])@np.array([[1,0,-qc[0]],[0,1,-qc[1]],[0,0,1]])
    f=tilt/ (qs*sc) * (0.9 if harm=='perspective' else 0.4)
    P=np.array([[1-tilt*abs(math.cos(az))*.8,0,0],[0,1-tilt*abs(math.sin(az))*.8,0],[f*math.cos(az),f*math.sin(az),1]])
    if harm!='perspective': P=np.array([[1,0,0],[0,1,0],[f*math.cos(az)*.25,f*math.sin(az)*.25,1]])
    M0=P@A
    # place so that the page is in the picture as far as it goes
    tx,ty=(w*rr.uniform(.2,.32),h*rr.uniform(.25,.4))
    if abs(ang)>2.5: tx,ty=w*.72,h*.66
    M=np.array([[1,0,tx],[0,1,ty],[0,0,1]])@M0
    # keep the horizon out of the picture: where the depth is too small, soften
    cor=np.array([[0,0,1],[w,0,1],[0,h,1],[w,h,1]]).T; back=np.linalg.inv(M)
    for _ in range(20):
        z=(back@cor)[2]
        if (z>0.02).all() or (z<-0.02).all(): break
        P[2,:2]*=.8; M=np.array([[1,0,tx],[0,1,ty],[0,0,1]])@P@A; back=np.linalg.inv(M)
    # anti-aliasing uses the scale at the code
    k=0.42/sc
    src=cv2.GaussianBlur(cm,(0,0),max(.3,k)) if sc<.95 else cm
    if harm=='moire': src=cv2.GaussianBlur(cm,(0,0),max(.3,.30/sc))
    o=cv2.warpPerspective(src.astype(np.float32),M,(w,h),flags=cv2.INTER_LINEAR); m=cv2.warpPerspective(np.ones((H,W),np.float32),M,(w,h),flags=cv2.INTER_LINEAR)[:,:,None]
    img=o*m+table(w,h,r)*(1-m)
    # light from one side, lens softness
    yy,xx=np.mgrid[0:h,0:w].astype(np.float32)
    a=rr.uniform(0,6.28); img*= (0.86+0.16*((xx/w-.5)*math.cos(a)+(yy/h-.5)*math.sin(a)))[:,:,None]
    mod=size/ (33 if i%2 else 37) # px per module
    img=cv2.GaussianBlur(img,(0,0),0.7 if size<450 else 1.0)
    if harm=='motion': img=motion(img,mod*(0.5+1.1*sev),rr.uniform(0,math.pi))
    if harm=='defocus': img=cv2.GaussianBlur(img,(0,0),mod*(0.22+0.38*sev))
    if harm=='glare':
        qp=M@np.array([qc[0]+qs*rr.uniform(-.45,.45),qc[1]+qs*rr.uniform(-.45,.45),1]); qp=qp[:2]/qp[2]
        d=((xx-qp[0])**2+(yy-qp[1])**2)/( (size*(0.22+0.4*sev))**2)
        img=img*0.8+ (255*1.5*np.exp(-d))[:,:,None]
    noise=2.0
    if harm=='noise':
        gain=0.30-0.19*sev; img*=gain; noise=3+7*sev
        n=r.normal(0,1,(h,w,3)).astype(np.float32); 
        img+=n*noise*np.sqrt(np.maximum(img,4)/20)
        chroma=cv2.GaussianBlur(r.normal(0,1,(h,w,3)).astype(np.float32),(0,0),1.2)*noise*1.2; img+=chroma
    else:
        img+=r.normal(0,noise,(h,w,3)).astype(np.float32)
    q={'jpeg40':40-int(22*sev)}.get(harm,[88,88,85,75,60,60][i])
    img=np.clip(img,0,255).astype(np.uint8)
    name='%s-%d-%d'%(harm,size,i%2+1)
    if harm=='jpeg40': # saved twice, as when forwarded
        _,b=cv2.imencode('.jpg',img,[cv2.IMWRITE_JPEG_QUALITY,50]); img=cv2.imdecode(b,1)
    cv2.imwrite(f'{OUT}/{name}.jpg',img,[cv2.IMWRITE_JPEG_QUALITY,q])
    open(f'{OUT}/{name}.txt','w').write(text)
    cor=(M@np.array([[qx,qy,1],[qx+qs,qy,1],[qx+qs,qy+qs,1],[qx,qy+qs,1]]).T); cor=(cor[:2]/cor[2]).T
    return name,cor
pos=open(OUT+'/pos.csv','w')
import sys
only=sys.argv[1:] 
for hi,harm in enumerate(HARMS):
    for i in range(6):
        if only and harm not in only: continue
        n,c=make(hi,harm,i); print(n,*['%.0f,%.0f'%tuple(x) for x in c],file=pos,flush=True)
